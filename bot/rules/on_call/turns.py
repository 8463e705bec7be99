"""Turns of a layer: when one person hands over to the next.

Hand-overs are counted from the first one, by the wall clock of the rota's zone: a turn of a week hands over at the same
time of day in summer and in winter. A time that the clocks skip is the instant at which they do, one that they show
twice is its first showing, as in the policy's calendars. Turns of a month that begin on the 29th to 31st hand over on
the last day of a shorter month. Turns of hours that do not divide a day (5 hours) are elapsed time instead.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from math import gcd
from zoneinfo import ZoneInfo

from bot.rules.time.local_time import MIDNIGHT, Shift, showings
from bot.rules.time.open_time import RoundTheClock, Timeline, instant

HOUR = 60
WEEK = 7 * MIDNIGHT
"""In minutes, as all lengths here."""

_WRITTEN = re.compile(r"([1-9][0-9]{0,2}) (hour|day|week|month)s?", re.ASCII)


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_MINUTES = {Unit.HOUR: HOUR, Unit.DAY: MIDNIGHT, Unit.WEEK: WEEK}


@dataclass(frozen=True)
class Length:
    """How long one turn is."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Length":
        """“12 hours”, “1 day”, “2 weeks”, “1 month”. Raises ValueError."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"“{text}” is not the length of a turn; write it like “12 hours”, “1 week” or “1 month”")
        return cls(int(found[1]), Unit(found[2]))

    @property
    def minutes(self) -> int | None:
        """None for months, which differ."""
        return None if self.unit is Unit.MONTH else self.count * _MINUTES[self.unit]

    @property
    def is_elapsed(self) -> bool:
        """Whether it is counted in real time, because no hour of the day fits it."""
        return self.unit is Unit.HOUR and MIDNIGHT % (self.count * HOUR) != 0 and self.count % 24 != 0


@dataclass(frozen=True)
class Turns:
    """The hand-overs of one layer. `first` is shown by the clocks of the zone and knows no offset."""

    zone: ZoneInfo
    length: Length
    first: datetime
    open_hours: tuple[Shift, ...] | None = None
    """Minutes of a week, from Monday, in which somebody is on call at all; None for always."""
    open_time: Timeline = field(default_factory=RoundTheClock)
    """The same in real time: turns that are elapsed time move against the clocks as these change."""

    def at(self, number: int) -> datetime:
        """When turn `number` begins (UTC), counted from 0."""
        if self.length.is_elapsed:
            return self._instant(self.first) + number * timedelta(minutes=self.length.minutes or 0)
        return self._instant(self._wall(number))

    def between(self, begin: datetime, end: datetime) -> Iterator[tuple[int, datetime, datetime]]:
        """Turns that touch this span, with where they begin and end; those of no length are left out."""
        number = self._near(begin)
        while number > 0 and self.at(number) > begin:
            number -= 1
        starts = self.at(number)
        while starts < end:
            ends = self.at(number + 1)
            if starts < ends and ends > begin:
                yield number, starts, ends
            number, starts = number + 1, ends

    def many(self, begin: datetime, end: datetime) -> int:
        """About how many turns touch this span, without counting them."""
        return max(self._near(end) - self._near(max(begin, self.at(0))), 0)

    def taken_before(self, number: int) -> int:
        """How many turns somebody took before this one: one without an open hour is nobody's."""
        if self.open_hours is None:
            return number
        if self.length.is_elapsed:
            return self._elapsed_before(number)
        minutes = self.length.minutes
        if minutes is None:
            counts = self._taken_by_month
            while len(counts) <= number:
                counts.append(counts[-1] + self._is_open(len(counts) - 1))
            return counts[number]
        whole, rest = divmod(number, WEEK // gcd(minutes, WEEK))
        taken = self._taken_in_a_round
        return whole * taken[-1] + taken[rest]

    def _elapsed_before(self, number: int) -> int:
        first, length = instant(self.at(0)), instant(self.at(1)) - instant(self.at(0))
        counted = self._elapsed_counted
        following, taken = counted if counted[0] <= number else (0, 0)
        for opens, closes in self.open_time.windows(first + following * length, first + number * length):
            earliest, last = (opens - first) // length, (closes - 1 - first) // length
            taken += last + 1 - max(earliest, following)
            following = last + 1
        counted[:] = number, taken
        return taken

    @cached_property
    def _elapsed_counted(self) -> list[int]:
        """The turn that was asked for last and how many before it are taken: the next one is counted from there."""
        return [0, 0]

    @cached_property
    def _taken_by_month(self) -> list[int]:
        """How many of the first 0, 1, 2 … turns are taken, as far as somebody asked: months make no round."""
        return [0]

    @cached_property
    def _taken_in_a_round(self) -> list[int]:
        """How many of the first 0, 1, 2 … turns are taken, until turns begin at the same minute of a week again."""
        counts = [0]
        for number in range(WEEK // gcd(self.length.minutes or WEEK, WEEK)):
            counts.append(counts[-1] + self._is_open(number))
        return counts

    def _is_open(self, number: int) -> bool:
        begins, ends = self._wall(number), self._wall(number + 1)
        minute = begins.weekday() * MIDNIGHT + begins.hour * HOUR + begins.minute
        length = int((ends - begins).total_seconds()) // 60
        return any(
            opens < minute + length and minute < closes
            for week in range(-1, length // WEEK + 2)
            for opens, closes in ((a + week * WEEK, b + week * WEEK) for a, b in self.open_hours or ())
        )

    def _wall(self, number: int) -> datetime:
        """What the clocks show as it begins, were they never changed."""
        minutes = self.length.minutes
        if minutes is not None:
            return self.first + timedelta(minutes=number * minutes)
        years, month = divmod(self.first.month - 1 + number * self.length.count, 12)
        year = self.first.year + years
        return self.first.replace(year=year, month=month + 1, day=min(self.first.day, monthrange(year, month + 1)[1]))

    def _near(self, at: datetime) -> int:
        """A turn that begins less than two turns from here, and not before the first."""
        wall = at.astimezone(self.zone).replace(tzinfo=None)
        minutes = self.length.minutes
        if minutes is None:
            passed = (wall.year - self.first.year) * 12 + wall.month - self.first.month
            return max(passed // self.length.count + 1, 0)
        return max(int((wall - self.first) / timedelta(minutes=minutes)) + 2, 0)

    def _instant(self, wall: datetime) -> datetime:
        first, _, _ = showings(self.zone, wall.date(), wall.hour * HOUR + wall.minute)
        return datetime.fromtimestamp(first, UTC)
