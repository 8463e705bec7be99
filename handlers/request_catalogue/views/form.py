"""The catalogue, and the form of one of its items."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Evaluated, deciding
from bot.rules.policy.policy import Policy
from bot.rules.request.policy import Item
from bot.usecases.request.requests import MOST_PEOPLE
from handlers.blocks import fitting, kit, questions
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form

MOST_ITEMS = 40
WORDS_KEPT = 2000
"""Characters of the questions' words that a form carries: Slack takes 3,000 of private metadata."""


@dataclass(frozen=True)
class Draft:
    """What a form knows beside its inputs."""

    item: str
    digest: str
    """Which form it is."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The words of its questions, as far as they fit."""
    words: str = ""
    """What was written as an incident."""

    def __str__(self) -> str:
        said = {"item": self.item, "digest": self.digest, "words": self.words}
        whole = json.dumps({**said, "asked": self.asked}, ensure_ascii=False)
        return whole if len(whole) <= WORDS_KEPT else json.dumps(said)

    @classmethod
    def parse(cls, kept: str) -> "Draft":
        told = json.loads(kept)
        return cls(str(told["item"]), str(told["digest"]), told.get("asked", {}), str(told.get("words") or ""))


def draft_of(item: Item, words: str = "") -> Draft:
    return Draft(item.key, item.form_digest, {one.id: one.asks for one in item.questions}, words)


def form(
    item: Item,
    filled: Evaluated,
    given: Mapping[str, Answer | None],
    policy: Policy,
    changed: Sequence[str] = (),
    words: str = "",
) -> View:
    """As far as it is filled in; `changed` says what is new in it, `words` are what was written as an incident."""
    decides = deciding(item.questions)
    asked = [questions.drawn(one, given.get(one.id), policy, live=one.id in decides) for one in filled.shown]
    wrote = [kit.section(f"You wrote: {kit.quote(words)}")] if words else []
    person = kit.ask(Field.BEHALF, "For somebody else", _PEOPLE, hint=_EACH, optional=True)
    return kit.form(
        Form.REQUEST_ASK, item.title, "Ask", [*_head(item, changed), *wrote, *asked, person], draft_of(item, words)
    )


_PEOPLE = {"type": "multi_users_select", "max_selected_items": MOST_PEOPLE}
_EACH = "Of several people, each gets a request of their own"


def _head(item: Item, changed: Sequence[str]) -> list[Block]:
    said = [kit.section(kit.esc(item.description))] if item.description else []
    facts = [f"It costs {kit.esc(item.cost)}." if item.cost else "", "It needs approval." if item.approval else ""]
    facts += [kit.esc(item.next or "")]
    told = " ".join(filter(None, facts))
    if changed:
        lead = ":warning: *This form was changed while you had it open.* What you typed is kept; look at it again."
        said.insert(0, kit.section("\n".join([lead, *(f"• {kit.esc(one)}" for one in changed)])))
    return [*said, *([kit.context(told)] if told else [])]


def catalogue(items: Sequence[Item], typed: str) -> Message:
    """What somebody may ask for; `typed` is what they looked for."""
    fault = kit.context("Something that you have is broken or slow? That is an incident.")
    report = kit.actions(kit.button(Action.REPORT_INCIDENT, "Report an incident instead", typed[: fitting.VALUE_MOST]))
    if not items:
        nothing = "Nothing in the catalogue matches that. `/request` shows all." if typed else "The catalogue is empty."
        return Message(nothing, [kit.section(nothing), fault, report])
    head = "What you can ask for"
    look = kit.search() | {"action_id": Action.SEARCH_CATALOGUE, "placeholder": kit.plain("Look for something")}
    rows = [_row(one) for one in items[:MOST_ITEMS]]
    left = len(items) - MOST_ITEMS
    more = [kit.context(f"There are {left} more. Look for them by a word: `/request access`.")] if left > 0 else []
    return Message(head, [kit.header(head), kit.actions(look), *rows, *more, fault, report])


def _row(item: Item) -> Block:
    about = f"\n{kit.esc(item.description)}" if item.description else ""
    cost = f" · {kit.esc(item.cost)}" if item.cost else ""
    text = f"*{kit.esc(item.title)}*{cost} · `/request {item.key}`{about}"
    return kit.section(text) | {"accessory": kit.button(Action.ASK_FOR, "Ask", item.key)}
