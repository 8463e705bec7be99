"""Which reminders there are of a change, given its state, its window and the time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.change.flow import ChangeState
from bot.rules.change.policy_times import ChangeTimes


class ReminderKind(StrEnum):
    """What rings about a change's window, its review and its debt; the values are timers' kinds."""

    AHEAD = "change_ahead"
    OPENS = "change_opens"
    ENDS_SOON = "change_ends_soon"
    OVERRUN = "change_overrun"
    REVIEW = "change_review_due"
    APPROVAL = "change_approval_due"


DAY = timedelta(days=1)
WINDOW = frozenset({ReminderKind.AHEAD, ReminderKind.OPENS, ReminderKind.ENDS_SOON, ReminderKind.OVERRUN})
"""Of these only the newest is true: who hears that the window is open need not hear that it will be."""


@dataclass(frozen=True)
class Course:
    """All of a change that its reminders depend on."""

    state: ChangeState
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    owed_at: datetime | None = None
    """Until when the approval of what was begun without one must be given; None where nothing is owed."""
    held: bool = False
    """By a freeze, before it is begun."""


@dataclass(frozen=True)
class Reminder:
    kind: ReminderKind
    at: datetime


def wanted(
    course: Course, times: ChangeTimes, now: datetime, unsaid: Collection[datetime] = frozenset()
) -> list[Reminder]:
    """The timers that should be set: all that is to come, and what has begun to be true and is true still.

    That a window is coming is of no use to who has just approved it, unless it was to be said before: `unsaid` are the
    times at which it was, and was not yet.
    """
    every = list(_every(course, times, now))
    past = [one for kind in ReminderKind if (one := true_now(course, times, kind, now)) is not None]
    begun = [one for one in past if one.kind is not ReminderKind.AHEAD or one.at in unsaid]
    return [one for one in every if one.at > now or one in begun]


def true_now(course: Course, times: ChangeTimes, kind: ReminderKind, now: datetime) -> Reminder | None:
    """The newest reminder of this kind whose time has come, unless another has taken its place since."""
    rivals = WINDOW if kind in WINDOW else {kind}
    past = [one for one in _every(course, times, now) if one.kind in rivals and one.at <= now]
    newest = max(past, key=lambda one: one.at, default=None)
    return newest if newest is not None and newest.kind is kind else None


def _every(course: Course, times: ChangeTimes, now: datetime) -> Iterator[Reminder]:
    if course.state is ChangeState.SCHEDULED and course.held:
        yield Reminder(ReminderKind.OVERRUN, course.ends_at)
    elif course.state is ChangeState.SCHEDULED:
        yield from _before(course, times)
    elif course.state is ChangeState.IMPLEMENTING:
        yield from _during(course, times, now)
    elif course.state is ChangeState.REVIEW and course.finished_at is not None:
        yield Reminder(ReminderKind.REVIEW, course.finished_at + times.review_due)
    if course.owed_at is not None:
        at = course.owed_at - times.approval_warning
        if course.started_at is None or at > course.started_at:
            yield Reminder(ReminderKind.APPROVAL, at)


def _before(course: Course, times: ChangeTimes) -> Iterator[Reminder]:
    for ahead in sorted(set(times.remind_before), reverse=True):
        yield Reminder(ReminderKind.AHEAD, course.starts_at - ahead)
    yield Reminder(ReminderKind.OPENS, course.starts_at)
    yield from _end(course, times, course.starts_at)


def _during(course: Course, times: ChangeTimes, now: datetime) -> Iterator[Reminder]:
    """Work that overruns is told of again, each time after twice as long: the last that has passed, and the next."""
    yield from _end(course, times, course.started_at or course.starts_at)
    at, gap, told = course.ends_at, times.overrun_every, course.ends_at
    while at <= now:
        at, gap, told = at + gap, min(2 * gap, max(times.overrun_every, DAY)), at
    for one in {told, at} - {course.ends_at}:
        yield Reminder(ReminderKind.OVERRUN, one)


def _end(course: Course, times: ChangeTimes, since: datetime) -> Iterator[Reminder]:
    soon = course.ends_at - times.end_warning
    if soon > since:
        yield Reminder(ReminderKind.ENDS_SOON, soon)
    yield Reminder(ReminderKind.OVERRUN, course.ends_at)
