"""When people are reminded of an action: before it is due, on the day, each week after, and then their group.

Everything is counted in days: all reminders of a day ring together, so that one digest a person says them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.action.policy import Actions

TIMER = "action_due"
"""The kind of the timers that remind."""
INTERVAL = "action_interval"
"""The kind of the timer that ends the interval of an action that repeats."""
DIGEST_AT = time(9, 0)
_DAY = timedelta(days=1)


class Standing(StrEnum):
    """How an action stands on a day."""

    LATER = "later"
    SOON = "soon"
    TODAY = "due today"
    LATE = "late"


@dataclass(frozen=True)
class Reminder:
    on: date
    occurrence: str
    """By the day that it was due and how far from it this is: another day due is another reminder."""


def wanted(due: date, today: date, times: Actions) -> list[Reminder]:
    """Those that are to come after today, in order; of the weekly ones the next alone."""
    offsets = sorted({0, *(-days(one) for one in times.remind_before)})
    coming = [offset for offset in offsets if due + offset * _DAY > today]
    return [_reminder(due, offset) for offset in (*coming, _next_late(due, today, days(times.remind_late)))]


def _next_late(due: date, today: date, every: int) -> int:
    late = max((today - due).days, 0)
    return (late // every + 1) * every


def _reminder(due: date, offset: int) -> Reminder:
    return Reminder(due + offset * _DAY, f"{due.isoformat()}{offset:+d}")


def standing(due: date, today: date, times: Actions) -> Standing:
    if due < today:
        return Standing.LATE
    if due == today:
        return Standing.TODAY
    return Standing.SOON if due <= today + soon(times) else Standing.LATER


def is_for_group(due: date, today: date, times: Actions) -> bool:
    """Whether the owner's group hears of it too."""
    return today - due >= days(times.group_after) * _DAY


def soon(times: Actions) -> timedelta:
    """How far ahead a digest looks."""
    return max((days(one) for one in times.remind_before), default=0) * _DAY


def rings_at(day: date, zone: ZoneInfo) -> datetime:
    """The instant of a day's digest by the clocks of its reader."""
    return datetime.combine(day, DIGEST_AT, zone)


def days(span: timedelta) -> int:
    """Whole days, one at least."""
    return max(span // _DAY, 1)


def digest_line(counts: Sequence[tuple[int, str]]) -> str:
    """“2 late, 1 due today”."""
    return ", ".join(f"{count} {said}" for count, said in counts if count) or "none"
