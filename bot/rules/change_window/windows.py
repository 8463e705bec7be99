"""Freeze, blackout and maintenance windows: when they are, and what they catch. All spans are half-open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row
from bot.rules.record.refs import Noun, Ref
from bot.rules.time import recurrence

Span: TypeAlias = tuple[datetime, datetime]


class WindowKind(StrEnum):
    FREEZE = "freeze"
    MAINTENANCE = "maintenance"


class WindowState(StrEnum):
    STANDING = "standing"
    LIFTED = "lifted"


class WindowStep(StrEnum):
    LIFT = "lifted"


class Maker(StrEnum):
    """Who takes a step with a window."""

    MANAGER = "the change managers"


FLOW = Flow(
    rows=(Row(WindowStep.LIFT, frozenset({WindowState.STANDING}), WindowState.LIFTED, (Maker.MANAGER,)),),
    begins=WindowState.STANDING,
    opened=FactKind.WINDOW_MADE,
    facts={WindowStep.LIFT: FactKind.WINDOW_LIFTED},
    table="change_window",
)


@dataclass(frozen=True)
class Window:
    number: int
    kind: WindowKind
    hard: bool
    """A freeze that blocks; a soft one asks an extra approver. Says nothing of maintenance."""
    services: frozenset[str]
    """Keys; of none it is for all."""
    title: str
    starts_at: datetime
    ends_at: datetime
    """Of the first occurrence."""
    zone: str
    rrule: str | None = None

    @property
    def ref(self) -> Ref:
        return Ref(Noun.WINDOW, self.number)

    @property
    def blocks(self) -> bool:
        return self.kind is WindowKind.FREEZE and self.hard

    @property
    def asks_more(self) -> bool:
        """A soft freeze: what falls into it takes another approval."""
        return self.kind is WindowKind.FREEZE and not self.hard

    @property
    def label(self) -> str:
        if self.kind is WindowKind.MAINTENANCE:
            return "maintenance window"
        return "freeze" if self.hard else "soft freeze"

    def concerns(self, services: Collection[str]) -> bool:
        return not self.services or not self.services.isdisjoint(services)


@dataclass(frozen=True)
class Caught:
    """What falls into a window, with the first occurrence that it meets."""

    window: Window
    starts_at: datetime
    ends_at: datetime


def occurrences(window: Window, frm: datetime, to: datetime) -> list[Span]:
    """The occurrences that meet [frm, to), in order (UTC)."""
    if window.rrule is None:
        meets = window.starts_at < to and window.ends_at > frm
        return [(window.starts_at, window.ends_at)] if meets else []
    return recurrence.spans(window.rrule, window.starts_at, window.ends_at, ZoneInfo(window.zone), frm, to)


def caught(
    windows: Iterable[Window], services: Collection[str], starts_at: datetime, ends_at: datetime
) -> list[Caught]:
    """The freezes that something done to these services in [starts_at, ends_at) falls into, the hard ones first."""
    freezes = [one for one in windows if one.kind is WindowKind.FREEZE and one.concerns(services)]
    found = [Caught(one, *spans[0]) for one in freezes if (spans := occurrences(one, starts_at, ends_at))]
    return sorted(found, key=lambda one: (not one.window.hard, one.starts_at, one.window.number))


def outside(windows: Iterable[Window], services: Collection[str], starts_at: datetime, ends_at: datetime) -> list[str]:
    """Those of the services that have maintenance windows, of which none holds the whole of [starts_at, ends_at)."""
    kept = [one for one in windows if one.kind is WindowKind.MAINTENANCE]
    found = []
    for service in services:
        own = [one for one in kept if one.concerns([service])]
        spans = [span for one in own for span in occurrences(one, starts_at, ends_at)]
        if own and not any(start <= starts_at and ends_at <= end for start, end in spans):
            found.append(service)
    return found


LONGEST = timedelta(days=92)
LATE_MOST = timedelta(hours=1)
"""So long ago a window may have begun when it is made: "from now on" takes a while to type."""


def faults(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the first occurrence, by field; empty when nothing is."""
    found = {}
    if starts_at < now - LATE_MOST:
        found["starts_at"] = "This start has already passed. A window can begin now at the earliest."
    if ends_at <= starts_at:
        found["ends_at"] = "The window must end after it starts."
    elif ends_at <= now:
        found["ends_at"] = "This end has already passed. Choose a time to come."
    elif ends_at - starts_at > LONGEST:
        found["ends_at"] = f"A window can last {LONGEST.days} days at the most. Correct the date, or make two of it."
    return found


_AHEAD = (timedelta(days=40), timedelta(days=400), timedelta(days=4000))


def coming(window: Window, now: datetime) -> Span | None:
    """The occurrence that is, or the next one; None where none comes within ten years."""
    for length in _AHEAD:
        if found := occurrences(window, now, max(now, window.starts_at) + length):
            return found[0]
    return None


class WindowSort(StrEnum):
    """What people choose between."""

    HARD = "hard"
    SOFT = "soft"
    MAINTENANCE = "maintenance"

    @property
    def kind(self) -> WindowKind:
        return WindowKind.MAINTENANCE if self is WindowSort.MAINTENANCE else WindowKind.FREEZE


class Repeat(StrEnum):
    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    RULE = "rule"
    """As a recurrence rule says."""

    @property
    def rule(self) -> str:
        return f"FREQ={self.name}"

    @classmethod
    def of(cls, rrule: str | None) -> "Repeat":
        """The choice that a rule that is kept stands for."""
        if rrule is None:
            return cls.ONCE
        return next((one for one in (cls.DAILY, cls.WEEKLY, cls.MONTHLY, cls.YEARLY) if one.rule == rrule), cls.RULE)
