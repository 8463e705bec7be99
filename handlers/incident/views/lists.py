"""Lists of incidents, a page at a time, and what is to be done to one: menus and its timeline."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact
from bot.rules.record.refs import Ref
from bot.usecases.incident.lists import Due
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, Message
from handlers.incident.views.card import line, seen_of
from handlers.records import actions
from handlers.records.paging import Listing, Query
from handlers.sla.views.history import OF_THEMSELVES
from storage.tables import Incident

PAGE = 10
ENTRY_MOST = 290
TOLD_MOST = 40
"""Facts of a timeline: the latest, so that all fit into a message."""


@dataclass(frozen=True)
class Listed:
    query: Query
    shown: Sequence[Incident]
    total: int
    due: Mapping[int, Due]
    """When the next promise of each is due."""
    left_out: bool = False
    """Whether older ones were not searched."""


def listing(listed: Listed, policy: Policy) -> Listing:
    title, empty = "Open incidents", ":sparkles: No incident is open. `/incident` reports one."
    if listed.query.text:
        title = "Incidents"
        empty = "No incident matches that. `/incident list` shows all that are open."
    return Listing(listed.query, title, rows(listed, policy), listed.total, PAGE, empty, listed.left_out)


def rows(listed: Listed, policy: Policy) -> list[Block]:
    return [row(one, listed.due.get(one.number), policy) for one in listed.shown]


def row(incident: Incident, due: Due | None, policy: Policy, button: Block | None = None) -> Block:
    """`button` stands for the menu."""
    pressed = button or actions.more_button(seen_of(incident))
    return kit.section(line(incident, policy) + promise(due)) | {"accessory": pressed}


def promise(due: Due | None) -> str:
    """What is due next: an answer (response), a fix (resolution) or news of it."""
    if due is None:
        return ""
    kind = due.kind.value
    return f" · {f':rotating_light: {kind} was due' if due.passed else f'{kind} due'} {kit.when(due.at)}"


def timeline(ref: Ref, title: str, facts: Sequence[Fact], say: Callable[[Fact], str]) -> Message:
    """What happened, oldest first; of a long story the latest. A fact of which `say` says nothing is no entry."""
    left_out, told = len(facts), list[tuple[Fact, str]]()
    while left_out and len(told) < TOLD_MOST:
        left_out -= 1
        if said := say(facts[left_out]):
            told.append((facts[left_out], said))
    blocks = [kit.header(f"{ref} {title}")]
    if left_out:
        blocks.append(kit.context(f"{left_out} earlier entries are not shown."))
    blocks += [kit.context(fitting.cut(_entry(fact, said), ENTRY_MOST)) for fact, said in reversed(told)]
    return Message(f"What happened to {ref}", blocks)


def _entry(fact: Fact, said: str) -> str:
    by = "Deskbell " if fact.by == SYSTEM else f"{kit.mention(fact.by)} "
    if fact.kind in OF_THEMSELVES:
        by = ""
    words = " ".join(f"“{kit.excerpt(text, 250)}”" for text in _typed(fact))
    return f"{kit.when(fact.at)} · {by}{said}" + (f" {words}" if words else "")


def _typed(fact: Fact) -> Collection[str]:
    return [text for text in fact.words.values() if text]
