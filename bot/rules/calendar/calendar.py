"""The change calendar: what stands in it, which stretch of days is looked at, and what collides there."""

import itertools
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.rules.change_window.conflicts import met
from bot.rules.configuration.dependencies import Needs
from bot.rules.time.local_time import showings

WEEK_DAYS = 7
_FARTHEST_YEARS = 20
"""How far from now a date may be that is looked at."""


class EntryKind(StrEnum):
    CHANGE = "change"
    FREEZE = "freeze"
    MAINTENANCE = "maintenance"
    MAJOR = "major incident"


@dataclass(frozen=True)
class Entry:
    """Something with a place in the calendar, half-open in time."""

    kind: EntryKind
    ref: str
    """“CHG-7”, “INC-3”, “WIN-2”."""
    title: str
    starts_at: datetime
    ends_at: datetime
    services: tuple[str, ...] = ()
    """Keys; none means every service."""
    state: str = ""
    """A change's; of a major incident that is not over OPEN."""
    hard: bool = False
    """Of a freeze: whether it blocks, or only asks for one more approver."""
    held: bool = False
    """Of a change: whether a freeze holds it."""
    missed: bool = False
    """Of a change: whether its window passed without a start."""
    failed: bool = False
    """Of a change: whether it did not do what it was for."""
    revision: int = 0
    touched_at: datetime | None = None
    """When it last became different, as far as it is known."""

    @property
    def name(self) -> str:
        return f"{self.ref} {self.title}".strip()

    def within(self, begin: datetime, end: datetime) -> bool:
        return self.starts_at < end and begin < self.ends_at

    def touches(self, service: str | None) -> bool:
        return service is None or not self.services or service in self.services


class Span(StrEnum):
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class CalendarQuery:
    """What is looked at: a button's value, and the picture's name."""

    span: Span
    first: date
    """Of a week its Monday, or the day from which seven are looked at; a month's first day."""
    service: str | None = None

    def __str__(self) -> str:
        return f"{self.span} {self.first} {self.service or ''}".rstrip()

    @classmethod
    def parse(cls, value: str) -> Self:
        """Raises ValueError for what no button of ours holds."""
        span, first, *service = value.split(" ")
        return cls(Span(span), date.fromisoformat(first), service[0] if service else None)

    @classmethod
    def at(cls, day: date, span: Span = Span.WEEK, service: str | None = None) -> Self:
        """The week or month that a day is in."""
        first = day.replace(day=1) if span is Span.MONTH else day - timedelta(days=day.weekday())
        return cls(span, first, service)

    @property
    def until(self) -> date:
        """The first day after it."""
        if self.span is Span.WEEK:
            return self.first + timedelta(days=WEEK_DAYS)
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.until - self.first).days)]

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks, Monday first; a month's first and last reach into its neighbours."""
        monday = self.first - timedelta(days=self.first.weekday())
        rows = -(-(self.until - monday).days // WEEK_DAYS)
        return [[monday + timedelta(days=row * WEEK_DAYS + n) for n in range(WEEK_DAYS)] for row in range(rows)]

    @property
    def following(self) -> Self:
        return type(self)(self.span, self.until, self.service)

    @property
    def preceding(self) -> Self:
        if self.span is Span.WEEK:
            return type(self)(self.span, self.first - timedelta(days=WEEK_DAYS), self.service)
        return type(self).at(self.first - timedelta(days=1), self.span, self.service)

    def over(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants that it is between, half-open, by the clocks of a zone."""
        return midnight(self.first, zone), midnight(self.until, zone)

    def name(self) -> str:
        """“the week of 23 to 29 November 2026”, “November 2026”."""
        last = self.until - timedelta(days=1)
        if self.span is Span.MONTH:
            return f"{self.first:%B %Y}"
        year = f" {self.first.year}" if self.first.year != last.year else ""
        month = f" {self.first:%B}" if self.first.month != last.month else ""
        return f"the week of {self.first.day}{month}{year} to {last.day} {last:%B %Y}"


def reachable(day: date, today: date) -> bool:
    """Whether anybody would look there; far years have no clocks to show them by."""
    return abs(day.year - today.year) <= _FARTHEST_YEARS


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a date begins; where clocks skip midnight, the one they skip it at."""
    return datetime.fromtimestamp(showings(zone, day, 0)[0], UTC)


def place(at: datetime, midnights: Sequence[datetime]) -> float:
    """Where an instant stands among days: 1.5 is noon of the second, however long a change of clocks makes it."""
    if at <= midnights[0]:
        return 0.0
    for n, (begin, end) in enumerate(itertools.pairwise(midnights)):
        if at < end:
            return n + (at - begin) / (end - begin)
    return float(len(midnights) - 1)


def packed(extents: Iterable[tuple[float, float]]) -> list[int]:
    """A row for each extent, so that none in a row covers another: the first row with room, in the order given."""
    ends: list[float] = []
    rows = []
    for begin, end in extents:
        row = next((n for n, taken in enumerate(ends) if taken <= begin), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Windows first, then by time; the same always for the same entries."""
    return sorted(entries, key=lambda one: (one.starts_at, _RANK[one.kind], one.ref, one.title, one.ends_at))


_RANK = {kind: n for n, kind in enumerate((EntryKind.FREEZE, EntryKind.MAINTENANCE, EntryKind.MAJOR, EntryKind.CHANGE))}

MOVING = frozenset({"submitted", "assess", "authorise", "scheduled", "implementing"})
"""States of a change that is still to happen, or happening: only these can collide."""


OPEN = "open"
"""The state of a major incident that is not over."""
SOON = timedelta(days=1)
"""So long such a one is taken to last on."""


def collisions(entries: Collection[Entry], needs: Needs) -> dict[str, list[Entry]]:
    """By reference, what else happens to a change's services, or to those they hang together with, while it does."""
    # Not each with each: of what is brief only those that begin about then, which is found by halving.
    able = [one for one in entries if _may_be_run_into(one)]
    brief = sorted((one for one in able if _until(one) - one.starts_at <= BRIEF), key=lambda one: one.starts_at)
    lengthy = [one for one in able if _until(one) - one.starts_at > BRIEF]
    starts = [one.starts_at for one in brief]
    found = {}
    for change in entries:
        if change.kind is EntryKind.CHANGE and change.state in MOVING:
            first, last = bisect_left(starts, change.starts_at - BRIEF), bisect_left(starts, change.ends_at)
            near = (*brief[first:last], *lengthy)
            running = [other for other in near if other != change and _run_into(change, other, needs)]
            if running:
                found[change.ref] = in_order(running)
    return found


BRIEF = timedelta(hours=12)
"""What lasts for longer is looked at for each change."""


def _may_be_run_into(one: Entry) -> bool:
    return one.kind is not EntryKind.MAINTENANCE and (one.kind is not EntryKind.CHANGE or one.state in MOVING)


def _until(one: Entry) -> datetime:
    return one.ends_at + (SOON if one.state == OPEN else timedelta(0))


def _run_into(change: Entry, other: Entry, needs: Needs) -> bool:
    if not (other.starts_at < change.ends_at and change.starts_at < _until(other)):
        return False
    if other.kind is EntryKind.FREEZE:
        return not other.services or not set(other.services).isdisjoint(change.services)
    return met(change.services, other.services, needs) is not None
