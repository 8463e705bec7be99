"""The policy's alarms: who hears of a promise, how early, and how the circle widens."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.rules.policy_values import Duration
from bot.rules.priority import Priority
from bot.rules.sla import BREACH, PROMISED, ClockKind, Owner


class Audience(StrEnum):
    ASSIGNEE = "assignee"
    CHANNEL = "channel"
    """The service's."""
    GROUP = "group"
    """Each member of the group that it is assigned to, or that owns the service; of what a group owes, of that group;
    of what a supplier owes, of the group that manages the supplier."""
    MANAGER = "manager"
    """Each member of the group that `sla.manager` names."""


_NAMED = re.compile(r"(group|channel):([a-z0-9][a-z0-9-]{0,39})", re.ASCII)


def _audience(value: str) -> str:
    if value in set(Audience) or _NAMED.fullmatch(value):
        return value
    raise ValueError(f"“{value}” is nobody; name {', '.join(Audience)}, group:KEY or channel:KEY")


def named(audience: str) -> tuple[str, str] | None:
    """("group", key) or ("channel", key) of one that names its own."""
    found = _NAMED.fullmatch(audience)
    return (found[1], found[2]) if found else None


def _has_a_ladder(kind: ClockKind) -> ClockKind:
    if kind not in PROMISED:
        raise ValueError("a major incident's next update has its own reminders: see [major]")
    return kind


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rung(_Rule):
    """A step of the ladder."""

    at: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    """Per cent of the target; the policy's `warn_at` if left out."""
    to: Annotated[tuple[Annotated[str, AfterValidator(_audience)], ...], Field(min_length=1)]
    mention: Annotated[bool, Field(strict=True)] = False
    """Whether the message in a channel names those it concerns, so that Slack rings them."""
    hours: str | None = None
    """A calendar's key: out of its hours the message waits until they begin. At any time, if left out."""
    again_every: Duration | None = None
    """Told again each time this much more has been spent, in the hours of the promise."""
    again_most: Annotated[int, Field(strict=True, ge=1, le=100)] = 10
    kinds: tuple[Annotated[ClockKind, AfterValidator(_has_a_ladder)], ...] = PROMISED
    owners: Annotated[tuple[Owner, ...], Field(min_length=1)] = (Owner.DESK,)
    """Whose targets it concerns; the desk's promises to customers alone, if left out."""
    priorities: tuple[Priority, ...] = tuple(Priority)

    @model_validator(mode="after")
    def _repeats_after_the_breach(self) -> Self:
        if self.again_every and (self.at or 0) < BREACH:
            raise ValueError(f"again_every is for what rings at {BREACH} per cent or later")
        if self.again_every and self.again_every < timedelta(minutes=1):
            raise ValueError("again_every must be a minute or more")
        return self

    def concerns(self, kind: ClockKind, priority: Priority, owner: Owner = Owner.DESK) -> bool:
        return kind in self.kinds and priority in self.priorities and owner in self.owners


class Sla(_Rule):
    manager: str
    """The key of the group that hears where an alarm says “manager”, and that may excuse a breach."""
    pauses_on: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...]
    """The pending reasons for which clocks stand still."""
    reopen: Literal["resume", "new cycle"]
    """Whether the resolution clock of what is reopened runs on, or starts anew."""
