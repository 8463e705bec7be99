"""The policy's section on post-incident reviews: when one is asked for, and what it is made of."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from bot.rules.incident.priority import Priority
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Key, Rule, words

BusinessDays = Annotated[int, Field(strict=True, ge=1, le=90)]


class Automatic(StrEnum):
    """What Deskbell draws by itself, out of the journal."""

    SUMMARY = "summary"
    IMPACT = "impact"
    TIMELINE = "timeline"
    MILESTONES = "milestones"
    CHANGES = "changes"
    SERVICES = "services"
    ROLES = "roles"
    ACTIONS = "actions"


FROZEN = frozenset({*Automatic} - {Automatic.MILESTONES, Automatic.ACTIONS})
"""Drawn once, with their place in the journal. The others are what people said of this review, and always as it is."""


class ReviewSection(Rule):
    id: Key
    title: Annotated[str, words(75)]
    prompt: Annotated[str, words(300)] | None = None
    """What it is about, for who writes it."""
    required: StrictBool = False
    """Whether it has to be written before it is put to review."""
    automatic: Automatic | None = None
    """Drawn by Deskbell; left out, people write it."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.automatic and (self.required or self.prompt):
            raise ValueError("a section that is automatic is written by nobody: leave prompt and required out")
        return self


def _section(id_: str, title: str, prompt: str = "", *, required: bool = False) -> ReviewSection:
    return ReviewSection(id=id_, title=title, prompt=prompt or None, required=required)


def _automatic(what: Automatic, title: str) -> ReviewSection:
    return ReviewSection(id=what.value, title=title, automatic=what)


TEMPLATE = (
    _automatic(Automatic.SUMMARY, "Summary"),
    _automatic(Automatic.IMPACT, "Impact"),
    _section("what-happened", "What happened", "In order, as those who were there saw it", required=True),
    _automatic(Automatic.MILESTONES, "Milestones"),
    _section("causes", "What contributed", "More than one thing: what had to be so for this to happen?", required=True),
    _section("went-well", "What went well", "At least one thing that helped", required=True),
    _section("went-badly", "What made it harder", "What was missing, late or misleading"),
    _section("luck", "Where we were lucky", "What could have made it worse"),
    _automatic(Automatic.ACTIONS, "Actions"),
    _automatic(Automatic.TIMELINE, "Timeline"),
    _automatic(Automatic.CHANGES, "Changes near it"),
    _automatic(Automatic.SERVICES, "Services"),
    _automatic(Automatic.ROLES, "Who held which role"),
)


class Reviews(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Review managers: they may decline one."""
    channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where reviews are shown; those of private incidents in theirs."""
    priorities: tuple[Priority, ...] = ()
    """Resolved incidents of these are reviewed."""
    major: StrictBool = False
    """So is each major incident."""
    breach: StrictBool = False
    """And each that was resolved later than promised."""
    failed_change: StrictBool = False
    """And each change that failed or was backed out."""
    private: StrictBool = True
    """Whether private ones are too."""
    due: BusinessDays = 5
    """Business days from the end of what is reviewed."""
    remind_before: BusinessDays = 1
    remind_late: BusinessDays = 2
    """How often while it is late."""
    calendar: Annotated[str, Refers("calendars")] | None = None
    """Whose days count; Monday to Friday where it is left out."""
    approval: Annotated[Key, Refers("approvals")] | None = None
    """Who approves it; published as soon as it is put to review, where it is left out."""
    sections: Annotated[tuple[ReviewSection, ...], Field(min_length=1, max_length=30)] = TEMPLATE
    """The template, in order."""

    @property
    def written(self) -> tuple[ReviewSection, ...]:
        return tuple(one for one in self.sections if one.automatic is None)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [one.id for one in self.sections]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"sections: there are two sections “{twice[0]}”")
        if not self.written:
            raise ValueError("sections: at least one has to be written by people")
        return self
