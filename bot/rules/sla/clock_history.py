"""What a clock shows, derived from what happened to it (law 5).

Time counts by the calendar that held when it passed, so what was spent stays spent whatever changes later; the target
is the last one named. A breach is the first instant at which the target of the moment was spent and time went on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.rules.sla.clocks import ClockState, kept
from bot.rules.time import business_hours
from bot.rules.time.business_hours import Calendar, IntervalKind, StillPaused

DONE = "done"
"""The reason of the pause between an end and a reopening."""


class Step(StrEnum):
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETARGETED = "retargeted"
    DONE = "done"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Event:
    step: Step
    at: datetime
    target: timedelta | None = None
    """Of STARTED and RETARGETED."""
    calendar: Calendar | None = None
    """Of STARTED and RETARGETED."""
    reason: str = ""
    """Of PAUSED."""


@dataclass(frozen=True)
class Stretch:
    """Time that a calendar counts, until the next stretch begins."""

    since: datetime
    calendar: Calendar


@dataclass(frozen=True)
class Hold:
    """A pause; it lasts while `until` is None."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Piece:
    """A span of a clock's life and what became of it."""

    kind: IntervalKind
    start: datetime
    end: datetime
    reason: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Reading:
    started_at: datetime
    target: timedelta
    stretches: tuple[Stretch, ...]
    holds: tuple[Hold, ...] = ()
    ended_at: datetime | None = None
    cancelled: bool = False
    breached_at: datetime | None = None
    """The instant at which a target was first spent and time went on; None as far as the events tell."""
    _pauses: list[business_hours.Pause] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pauses", [(hold.since, hold.until) for hold in self.holds])

    @property
    def paused(self) -> Hold | None:
        """The pause that lasts."""
        return next((hold for hold in self.holds if hold.until is None), None)

    def state(self, now: datetime) -> ClockState:
        if self.cancelled:
            return ClockState.CANCELLED
        if self.breach(now) is not None:
            return ClockState.BREACHED
        if self.ended_at is not None:
            return ClockState.MET
        return ClockState.PAUSED if self.paused else ClockState.RUNNING

    def breach(self, now: datetime) -> datetime | None:
        """When it was broken, if it was by `now`. The deadline itself is kept still."""
        if self.breached_at is not None or self.ended_at is not None:
            return self.breached_at
        due_at = self.due_at
        return due_at if due_at is not None and not kept(due_at, now) else None

    @property
    def due_at(self) -> datetime | None:
        """None while a pause stands before it."""
        return self.reach(self.target)

    def reach(self, goal: timedelta) -> datetime | None:
        """When this much is spent; None while a pause stands before it."""
        try:
            return self._reach(goal)
        except StillPaused:
            return None

    def _reach(self, goal: timedelta) -> datetime:
        for stretch, later in pairwise(self.stretches):
            within = business_hours.elapsed(stretch.calendar, stretch.since, later.since, self._pauses)
            if goal <= within:
                return business_hours.due(stretch.calendar, stretch.since, goal, self._pauses)
            goal -= within
        last = self.stretches[-1]
        return business_hours.due(last.calendar, last.since, goal, self._pauses)

    def spent(self, until: datetime) -> timedelta:
        """What has counted by then; nothing after the end does."""
        until = min(until, self.ended_at) if self.ended_at else until
        return sum(
            (
                business_hours.elapsed(calendar, begin, end, self._pauses)
                for calendar, begin, end in self._spans(self.started_at, until)
            ),
            timedelta(0),
        )

    def left(self, now: datetime) -> timedelta:
        """What may still be spent; negative when it is overspent."""
        return self.target - self.spent(now)

    def pieces(self, until: datetime) -> list[Piece]:
        """What became of the time from the start, in order and without a gap."""
        found = [
            Piece(one.kind, begin, end, reason)
            for calendar, since, to in self._spans(self.started_at, until)
            for one in business_hours.intervals(calendar, since, to, self._pauses)
            for begin, end, reason in self._why(one)
        ]
        return _joined(found)

    def _spans(self, begin: datetime, end: datetime) -> list[tuple[Calendar, datetime, datetime]]:
        ends = [*(one.since for one in self.stretches[1:]), end]
        spans = (
            (one.calendar, max(one.since, begin), min(until, end))
            for one, until in zip(self.stretches, ends, strict=True)
        )
        return [(calendar, since, until) for calendar, since, until in spans if since < until]

    def _why(self, interval: business_hours.Interval) -> list[tuple[datetime, datetime, str]]:
        """An interval, cut where the reason for a pause changes."""
        if interval.kind is not IntervalKind.PAUSED:
            return [(interval.start, interval.end, "")]
        cuts = sorted({interval.start, interval.end, *self._edges(interval.start, interval.end)})
        return [
            (begin, end, next((hold.reason for hold in self.holds if _covers(hold, begin)), ""))
            for begin, end in pairwise(cuts)
        ]

    def _edges(self, begin: datetime, end: datetime) -> Iterable[datetime]:
        edges = (edge for hold in self.holds for edge in (hold.since, hold.until) if edge is not None)
        return (edge for edge in edges if begin < edge < end)


def derive(events: Sequence[Event]) -> Reading:
    """The clock after these events, in the order in which they were recorded, the first of which is STARTED.

    None counts from before the one that it follows: the machine's clock may have been set back in between, and what
    was done must not count as if it had been done in another order. Raises ValueError for any other beginning.
    """
    first, *later = events
    if first.step is not Step.STARTED or first.target is None or first.calendar is None:
        raise ValueError(f"a clock cannot begin with {first}")
    reading, reached = Reading(first.at, first.target, (Stretch(first.at, first.calendar),)), first.at
    for event in later:
        reached = max(reached, event.at)
        reading = _after(reading, event if event.at == reached else replace(event, at=reached))
    return reading


def _after(reading: Reading, event: Event) -> Reading:
    """Whatever makes no sense where the clock stands changes nothing."""
    over = reading.ended_at is not None
    if over and event.step is not Step.REOPENED:
        return reading
    reading = replace(reading, breached_at=reading.breach(event.at))
    match event.step:
        case Step.PAUSED if reading.paused is None:
            return replace(reading, holds=(*reading.holds, Hold(event.at, None, event.reason)))
        case Step.RESUMED:
            return replace(reading, holds=_let_go(reading.holds, event.at))
        case Step.RETARGETED:
            return _retargeted(reading, event)
        case Step.DONE | Step.CANCELLED:
            holds = _let_go(reading.holds, event.at)
            return replace(reading, holds=holds, ended_at=event.at, cancelled=event.step is Step.CANCELLED)
        case Step.REOPENED if reading.ended_at is not None:
            holds = (*reading.holds, Hold(reading.ended_at, event.at, DONE))
            return replace(reading, holds=holds, ended_at=None, cancelled=False)
        case _:
            return reading


def _retargeted(reading: Reading, event: Event) -> Reading:
    """What was spent stays spent: a shorter target may turn out to have been crossed before."""
    calendar, last = event.calendar, reading.stretches[-1]
    stretches = reading.stretches
    if calendar is not None and calendar != last.calendar:
        kept_ones = stretches[:-1] if last.since == event.at else stretches
        stretches = (*kept_ones, Stretch(event.at, calendar))
    fresh = replace(reading, target=event.target or reading.target, stretches=stretches)
    return replace(fresh, breached_at=fresh.breach(event.at))


def _let_go(holds: tuple[Hold, ...], at: datetime) -> tuple[Hold, ...]:
    return tuple(hold if hold.until else replace(hold, until=at) for hold in holds)


def _covers(hold: Hold, at: datetime) -> bool:
    return hold.since <= at and (hold.until is None or at < hold.until)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """One where two of a kind touch, as at a change of calendars that changes nothing there."""
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if last and (last.kind, last.reason, last.end) == (piece.kind, piece.reason, piece.start):
            whole[-1] = replace(last, end=piece.end)
        else:
            whole.append(piece)
    return whole
