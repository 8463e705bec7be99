"""What the forms of carrying a change out say before their fields."""

from collections.abc import Sequence

from bot.rules.change.flow import ChangeType, Review
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage
from handlers.records.typed_values import Shown
from storage.tables import Template

_ASKED_FOR = {
    Review.EMERGENCY: "it was an emergency",
    Review.FAILED: "it did not go as planned",
    Review.HIGH_RISK: "its risk was high",
    Review.INCIDENT: "it caused an incident",
}


def plan(shown: Shown) -> list[Block]:
    """The way back, for who takes it."""
    change = shown.row
    return [kit.section(f"*Backout plan*\n{kit.quote(change.backout, 1500)}")] if change.backout else []


def review_needed(shown: Shown) -> list[Block]:
    """What asks for a post-implementation review; without any it may be left empty."""
    if not shown.more:
        return []
    return [kit.context(f"A post-implementation review is needed, since {because(shown.more)}.")]


def window(shown: Shown) -> list[Block]:
    """The window as it is, and what moving it means."""
    change = shown.row
    agreed = change.type == ChangeType.STANDARD
    note = "What was agreed stays agreed." if agreed else "A window is part of what was approved: votes given are void."
    return [kit.context(f"Now it opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}. {note}")]


def asked(shown: Shown) -> list[Block]:
    """The question, for who answers it."""
    return [kit.section(kit.quote(shown.more.question))]


def passages(template: Template) -> list[Passage]:
    """What is agreed in a standard change."""
    said = (("Plan", template.plan), ("Test plan", template.test_plan), ("Backout plan", template.backout))
    return [Passage(name, text) for name, text in said if text]


def agreed(shown: Shown) -> list[Block]:
    """The whole of it, for who approves it."""
    return reading.whole(passages(shown.row))


def because(asked_by: Sequence[Review]) -> str:
    """What asks for a review, in a sentence."""
    return " and ".join(_ASKED_FOR[one] for one in asked_by)
