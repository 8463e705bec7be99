"""Calendar periods in a zone, as two instants: the start belongs to a period, the end does not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.record.years import FIRST_YEAR, LAST_YEAR

MONTHS = 12
QUARTER = 3
WEEK = timedelta(days=7)


class Every(StrEnum):
    WEEK = "week"
    """From Monday on."""
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Period:
    """From one instant in UTC up to another, which does not belong to it."""

    start: datetime
    end: datetime

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    @property
    def days(self) -> float:
        return (self.end - self.start) / timedelta(days=1)


@dataclass(frozen=True)
class Typed:
    """A period as people ask for it; without words of one, none of its parts is set."""

    every: Every | None = None
    running: bool = False
    """“this month”: the one that is not over yet."""
    first: date | None = None
    """Of one that is named: “2026-01”, “2026-Q1”, “2026-W07”."""


_NAMED = re.compile(r"(?P<year>[0-9]{4})-(?:Q(?P<quarter>[1-4])|W(?P<week>[0-9]{2})|(?P<month>[0-9]{2}))", re.I | re.A)


def typed(words: Sequence[str]) -> tuple[Typed, Sequence[str]]:
    """The period that the words begin with, and the words behind it."""
    lead = words[0].casefold() if words else ""
    if found := named(lead):
        return Typed(found[0], first=found[1]), words[1:]
    rest = words[1:] if lead in ("this", "last") and len(words) > 1 else words
    every = next((one for one in Every if rest and one == rest[0].casefold()), None)
    return Typed(every, lead == "this" and rest is not words), rest[1:] if every else rest


def named(word: str) -> tuple[Every, date] | None:
    """What kind it is, and its first day; None for what names none."""
    found = _NAMED.fullmatch(word)
    year = int(found["year"]) if found else 0
    if found is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        if found["quarter"]:
            return Every.QUARTER, date(year, (int(found["quarter"]) - 1) * QUARTER + 1, 1)
        if found["week"]:
            return Every.WEEK, date.fromisocalendar(year, int(found["week"]), 1)
        return Every.MONTH, date(year, int(found["month"]), 1)
    except ValueError:
        return None


def period_of(every: Every, first: date, zone: ZoneInfo) -> Period:
    """That begins on this day. Raises OverflowError where no calendar has its end."""
    return Period(midnight(first, zone), midnight(after(every, first), zone))


def last_whole(every: Every, now: datetime, zone: ZoneInfo) -> Period:
    """The last week, month or quarter that is over by the clocks of a zone."""
    end = _begin(every, now.astimezone(zone).date())
    return Period(midnight(_before(every, end), zone), midnight(end, zone))


def first_day(every: Every, now: datetime, zone: ZoneInfo) -> date:
    """Of the week, month or quarter that runs by the clocks of a zone."""
    return _begin(every, now.astimezone(zone).date())


def so_far(every: Every, now: datetime, zone: ZoneInfo) -> tuple[Period, Period]:
    """The week, month or quarter that runs, up to now, and as much of the one before to compare with."""
    begin = _begin(every, now.astimezone(zone).date())
    start = midnight(begin, zone)
    earlier = midnight(_before(every, begin), zone)
    return Period(start, now), Period(earlier, min(earlier + (now - start), start))


def before(every: Every, period: Period, zone: ZoneInfo) -> Period:
    """The one before that, to compare with."""
    begin = _begin(every, period.start.astimezone(zone).date())
    return Period(midnight(_before(every, begin), zone), period.start)


def spanning(every: Every, first: date, last: date, zone: ZoneInfo) -> Iterator[Period]:
    """All that have a day from `first` to before `last` in them, without gap or overlap. Raises OverflowError."""
    begin = _begin(every, first)
    while begin < last:
        yield period_of(every, begin, zone)
        begin = after(every, begin)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC. A midnight that the clocks skip is the first instant after it."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    # Of a time that does not exist, fold 0 reads the offset from before the change: that is the instant of the change.
    return local.astimezone(UTC)


def _begin(every: Every, day: date) -> date:
    if every is Every.WEEK:
        return day - timedelta(days=day.weekday())
    months = 1 if every is Every.MONTH else QUARTER
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def after(every: Every, begin: date) -> date:
    """The first day of the next one. Raises OverflowError where no calendar has it."""
    if every is Every.WEEK:
        return begin + WEEK
    count = begin.year * MONTHS + begin.month - 1 + (1 if every is Every.MONTH else QUARTER)
    if count // MONTHS > date.max.year:
        raise OverflowError(f"after {begin}")
    return date(count // MONTHS, count % MONTHS + 1, 1)


def _before(every: Every, begin: date) -> date:
    if every is Every.WEEK:
        return begin - WEEK
    months = 1 if every is Every.MONTH else QUARTER
    count = begin.year * MONTHS + begin.month - 1 - months
    return date(count // MONTHS, count % MONTHS + 1, 1)
