"""Lists of incidents, a page at a time, and what is to be done to one: menus and its timeline."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.desk.incident_lists import Due
from bot.rules.facts import SYSTEM, Fact
from bot.rules.policy import Policy
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit
from handlers.views.incidents import line, ref_of, seen_of
from handlers.views.kit import Block, Message, View
from storage.tables import Incident

PAGE = 10
ENTRY_MOST = 290
ROW = 5
"""Buttons side by side in a menu."""
TOLD_MOST = 40
"""Facts of a timeline: the latest, so that all fit into a message."""


@dataclass(frozen=True)
class Query:
    """A list and the page of it that is shown: a button's value."""

    text: str = ""
    page: int = 0
    by_deadline: bool = False

    def __str__(self) -> str:
        return f"{self.page} {'due' if self.by_deadline else 'pressing'} {self.text}"

    @classmethod
    def parse(cls, value: str) -> Self:
        page, _, rest = value.partition(" ")
        order, _, text = rest.partition(" ")
        return cls(text, int(page) if page.isdecimal() and len(page) < 7 else 0, order == "due")


@dataclass(frozen=True)
class Listed:
    query: Query
    shown: Sequence[Incident]
    total: int
    due: Mapping[int, Due]
    """When the next promise of each is due."""


def listing(listed: Listed, policy: Policy) -> Message:
    """For who asked by command."""
    if not listed.total:
        text = ":sparkles: No incident is open. `/incident` reports one."
        if listed.query.text:
            text = "No incident is like that. `/incident list` shows all that is open."
        return Message(text, [kit.section(text)])
    return Message(_headline(listed), [kit.header(_headline(listed)), *rows(listed, policy), *_pages(listed)])


def list_view(listed: Listed, policy: Policy) -> View:
    """The same in a modal, from App Home."""
    said = [*rows(listed, policy), *_pages(listed)] or [kit.section("Nothing is on this list now.")]
    return kit.list_view(_headline(listed) if listed.total else "Incidents", said)


def rows(listed: Listed, policy: Policy) -> list[Block]:
    return [row(one, listed.due.get(one.number), policy) for one in listed.shown]


def row(incident: Incident, due: Due | None, policy: Policy) -> Block:
    promise = f" · {':rotating_light: was due' if due.passed else 'due'} {kit.when(due.at)}" if due else ""
    more = kit.button(Action.MORE, "More…", seen_of(incident))
    return kit.section(line(incident, policy) + promise) | {"accessory": more}


def _headline(listed: Listed) -> str:
    return f"Incidents ({listed.total})" if listed.query.text else f"Open incidents ({listed.total})"


def _pages(listed: Listed) -> list[Block]:
    query, last = listed.query, max(0, (listed.total - 1) // PAGE)
    if not last:
        return []
    buttons = []
    if query.page > 0:
        back = Query(query.text, query.page - 1, query.by_deadline)
        buttons.append(kit.button(Action.LIST_BACK, "Previous", back))
    if query.page < last:
        on = Query(query.text, query.page + 1, query.by_deadline)
        buttons.append(kit.button(Action.LIST_ON, "Next", on))
    return [kit.context(f"Page {query.page + 1} of {last + 1}"), kit.actions(*buttons)]


def menu(incident: Incident, offered: Sequence[tuple[Action, str]]) -> View:
    """All that this person can do with it now."""
    seen = seen_of(incident)
    buttons = [kit.button(action, label, seen) for action, label in offered]
    rows = [kit.actions(*buttons[start : start + ROW]) for start in range(0, len(buttons), ROW)]
    lead = kit.section(f"*{ref_of(incident)}* {kit.esc(incident.summary)}\nIt is {incident.state}.")
    return kit.list_view(str(ref_of(incident)), [lead, *rows])


def timeline(incident: Incident, facts: Sequence[Fact], say: Callable[[Fact], str]) -> Message:
    """What happened, oldest first; of a long story the latest."""
    left_out = len(facts) - TOLD_MOST
    blocks = [kit.header(f"{ref_of(incident)} {incident.summary}")]
    if left_out > 0:
        blocks.append(kit.context(f"{left_out} earlier entries are not shown."))
    blocks += [kit.context(kit.fit(_entry(fact, say(fact)), ENTRY_MOST)) for fact in facts[-TOLD_MOST:]]
    return Message(f"What happened to {ref_of(incident)}", blocks)


def _entry(fact: Fact, said: str) -> str:
    by = "Deskbell" if fact.by == SYSTEM else kit.mention(fact.by)
    words = " ".join(f"“{kit.esc(shorten(text, 250))}”" for text in _typed(fact))
    return f"{kit.when(fact.at)} · {by} {said}" + (f" {words}" if words else "")


def _typed(fact: Fact) -> Collection[str]:
    return [text for text in fact.words.values() if text]
