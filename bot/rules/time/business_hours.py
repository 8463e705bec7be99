"""Business hours: when a promise falls due, and how much of it is spent.

A calendar's hours are compiled, a few years at a time and only when asked for, into windows of real time with running
totals; every question is then a bisection. Arithmetic is in whole microseconds since 1970.

The rules:
- A wall time that a spring change skips is the first instant after it; an ambiguous start is its first occurrence, an
  ambiguous end its last. Windows are half-open and are one where they touch or overlap. What counts is real time.
- A shift belongs to the date it starts on. A special date's intervals replace those that start on that date, even if it
  is a public holiday; a night shift from the evening before still runs to its end.
- A closed date (named as such, special without intervals, or a public holiday) is closed for as long as clocks show it.
  A night shift that runs into it stops at midnight. Its own shifts do not start, so nobody works the morning after.
- A deadline is the first instant at which the target is spent: fulfilled exactly as a window ends, it is due then; a
  target of zero is due at the start, open or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Self, TypeAlias
from zoneinfo import ZoneInfo

from bot.rules.record.years import FIRST_YEAR, LAST_YEAR
from bot.rules.time.local_time import MIDNIGHT, ImpossibleHours, Shift, date_spans, shifts_of, showings, zone_of
from bot.rules.time.open_time import (
    MICROSECOND,
    BeyondHorizon,
    RoundTheClock,
    Span,
    Timeline,
    Windows,
    instant,
    merged,
    moment,
    start_of,
    within,
    without,
)
from bot.rules.time.public_holidays import public_holidays

__all__ = [
    "BeyondHorizon",
    "Calendar",
    "ImpossibleHours",
    "Interval",
    "IntervalKind",
    "Pause",
    "StillPaused",
    "due",
    "elapsed",
    "intervals",
]

Pause: TypeAlias = tuple[datetime, datetime | None]
"""From, to; None while it lasts. Pauses may overlap and touch, come in any order and lie anywhere."""

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SECOND = 1_000_000
_FOR_EVER = 2**63


class StillPaused(Exception):
    """There is no deadline yet: the clock stands still with `remaining` left, paused `since`."""

    def __init__(self, since: datetime, remaining: timedelta) -> None:
        super().__init__(f"paused since {since:%Y-%m-%d %H:%M} UTC with {remaining} left")
        self.since = since
        self.remaining = remaining


class IntervalKind(StrEnum):
    COUNTED = "counted"
    PAUSED = "paused"
    """Would have counted but for a pause."""
    OUT_OF_HOURS = "out_of_hours"
    """Would not have counted, paused or not."""


@dataclass(frozen=True)
class Interval:
    """Half-open, UTC."""

    kind: IntervalKind
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Calendar:
    """When a desk works. Made by `of` or `always`, which see to it that it is open at some time."""

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    """Seven days, Monday first."""
    closed: frozenset[date] = frozenset()
    special: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict, hash=False)
    holidays: tuple[str, str | None] | None = None

    @classmethod
    def of(
        cls,
        zone: str,
        hours: Mapping[int, Sequence[str]],
        *,
        closed: Iterable[date] = (),
        special: Mapping[date, Sequence[str]] | None = None,
        holidays: tuple[str, str | None] | None = None,
    ) -> Self:
        """From an IANA zone and hours by weekday (Monday is 0), as in {0: ["09:00-12:00", "22:00-06:00"]}.

        `holidays` are ISO 3166 codes: ("GB", "ENG"), ("DE", None). Raises ImpossibleHours.
        """
        if unknown := set(hours) - set(range(7)):
            raise ImpossibleHours(f"{unknown.pop()} is not a weekday; Monday is 0 and Sunday is 6")
        week = tuple(shifts_of(hours.get(day, ()), DAY_NAMES[day]) for day in range(7))
        days = {day: shifts_of(intervals, str(day)) for day, intervals in (special or {}).items()}
        if holidays is not None:
            public_holidays(*holidays, year=2000)
        calendar = cls(zone_of(zone), week, frozenset(closed), days, holidays)
        calendar._refuse_impossible()
        return calendar

    @classmethod
    def always(cls) -> Self:
        """Round the clock, every day of the year."""
        return cls.of("UTC", {day: ["00:00-24:00"] for day in range(7)})

    def _refuse_impossible(self) -> None:
        openings = {day for day, shifts in self.special.items() if shifts}
        if both := self.closed & openings:
            raise ImpossibleHours(f"{min(both)} is both closed and special; say one of them")
        years = {day.year for day in openings if FIRST_YEAR <= day.year <= LAST_YEAR}
        if not any(self.week) and not any(self._windows(year - 1, year + 1) for year in years):
            raise ImpossibleHours("these hours are never open")

    @property
    def never_closes(self) -> bool:
        whole = [(0, MIDNIGHT)]
        every_day = all(merged(shifts) == whole for shifts in self.week)
        return every_day and not (self.closed or self.special or self.holidays)

    @cached_property
    def timeline(self) -> Timeline:
        return RoundTheClock() if self.never_closes else Windows(self._windows)

    def _windows(self, first_year: int, last_year: int) -> list[Span]:
        """The windows of these UTC years."""
        closed = self._closed_in(range(first_year - 1, last_year + 2))
        open_seconds, closed_seconds = list[Span](), list[Span]()
        first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
        # Two days about them, since a zone may be a day from UTC and a night shift start a day before.
        for day in map(date.fromordinal, range(first - 2, last + 3)):
            if day in closed:
                closed_seconds += date_spans(self.zone, day)
                continue
            for begin, end in self.special.get(day, self.week[day.weekday()]):
                open_seconds.append((showings(self.zone, day, begin)[0], showings(self.zone, day, end)[2]))
        seconds = without(merged(open_seconds), merged(closed_seconds))
        windows = ((begin * _SECOND, end * _SECOND) for begin, end in seconds)
        return within(windows, start_of(first_year), start_of(last_year + 1))

    def _closed_in(self, years: Iterable[int]) -> set[date]:
        closed = set[date]()
        if self.holidays is not None:
            closed.update(*(public_holidays(*self.holidays, year=year) for year in years))
        closed.difference_update(self.special)
        return closed.union(self.closed, (day for day, shifts in self.special.items() if not shifts))


def due(calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Pause] = ()) -> datetime:
    """When this much working time has passed since `start` (UTC).

    Raises StillPaused if an open pause stands before it, and BeyondHorizon.
    """
    timeline, since = calendar.timeline, instant(start)
    goal = target // MICROSECOND
    if goal < 0:
        raise ValueError(f"a target cannot be negative: {target}")
    if not goal:
        return moment(since)
    deadline = timeline.reach(since, goal)
    for begin, end in _pauses_within(pauses, since, _FOR_EVER):
        if deadline <= begin:
            break
        if end == _FOR_EVER:
            left = goal - timeline.working(since, begin)
            raise StillPaused(moment(begin), left * MICROSECOND)
        goal += timeline.working(begin, end)
        deadline = timeline.reach(since, goal)
    return moment(deadline)


def elapsed(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
    """The working time between two instants, less what was paused. Raises BeyondHorizon."""
    timeline, span = calendar.timeline, _span(start, end)
    paused = sum(timeline.working(*pause) for pause in _pauses_within(pauses, *span))
    return timedelta(microseconds=timeline.working(*span) - paused)


def intervals(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> list[Interval]:
    """What became of the time between two instants, in order and without a gap. Raises BeyondHorizon."""
    span = _span(start, end)
    windows = calendar.timeline.windows(*span)
    counted = without(windows, _pauses_within(pauses, *span))
    kinds = {
        IntervalKind.COUNTED: counted,
        IntervalKind.PAUSED: without(windows, counted),
        IntervalKind.OUT_OF_HOURS: without([span], windows),
    }
    pieces = sorted((begin, until, kind) for kind, spans in kinds.items() for begin, until in spans)
    return [Interval(kind, moment(begin), moment(until)) for begin, until, kind in pieces]


def _span(start: datetime, end: datetime) -> Span:
    begin, until = instant(start), instant(end)
    if until < begin:
        raise ValueError(f"{end} is before {start}")
    return begin, until


def _pauses_within(pauses: Sequence[Pause], begin: int, end: int) -> list[Span]:
    if not pauses:
        return []
    spans = ((instant(since), _FOR_EVER) if until is None else _span(since, until) for since, until in pauses)
    return within(merged(spans), begin, end)
