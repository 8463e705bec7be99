"""How clauses have moved: the three axes as they stood once, and as they stand now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.iso.assessment import SEVERITY, Assessment
from bot.rules.iso.criteria import Axis, Status

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Stood:
    """How all clauses stood at an instant."""

    at: datetime
    axes: Mapping[str, Mapping[Axis, Status]]


@dataclass(frozen=True)
class Moved:
    clause: str
    axis: Axis
    was: Status
    now: Status

    @property
    def better(self) -> bool:
        return SEVERITY[self.now] < SEVERITY[self.was]

    @property
    def says(self) -> str:
        return f"{self.clause} {self.axis}: {self.was} → {self.now}"


@dataclass(frozen=True)
class Trend:
    since: datetime
    better: Sequence[Moved] = ()
    worse: Sequence[Moved] = ()

    def of(self, clause: str, axis: Axis) -> str:
        """↑, ↓ or nothing."""
        for arrow, moved in (("↑", self.better), ("↓", self.worse)):
            if any((one.clause, one.axis) == (clause, axis) for one in moved):
                return arrow
        return ""

    @property
    def says(self) -> str:
        """“Since 2026-01-01: 12 axes stand better, 2 worse.”"""
        return f"Since {self.since:%Y-%m-%d}: {len(self.better)} axes stand better, {len(self.worse)} worse."


def written(assessed: Iterable[Assessment]) -> list[str]:
    """A line a clause, as a fact keeps it: “8.6.1 conforming/started/unknown”."""
    return [f"{one.clause.number} {'/'.join(one.axes[axis] for axis in Axis)}" for one in assessed]


def read(at: datetime, lines: Iterable[str]) -> Stood:
    axes = {}
    for line in lines:
        number, _, statuses = line.partition(" ")
        axes[number] = dict(zip(Axis, map(Status, statuses.split("/")), strict=True))
    return Stood(at, axes)


def compared(now: Iterable[Assessment], before: Stood) -> Trend:
    """A clause that was not there then has not moved."""
    every = [
        Moved(one.clause.number, axis, before.axes[one.clause.number][axis], one.axes[axis])
        for one in now
        if one.clause.number in before.axes
        for axis in Axis
    ]
    moved = [one for one in every if SEVERITY[one.was] != SEVERITY[one.now]]
    return Trend(before.at, [one for one in moved if one.better], [one for one in moved if not one.better])


def to_compare_with(known: Sequence[Stood], now: datetime) -> Stood | None:
    """The last of the quarter before; of a desk that is younger, the first there is. `known`: the oldest first."""
    begins = now.replace(month=now.month - (now.month - 1) % 3, day=1, hour=0, minute=0, second=0, microsecond=0)
    before = [one for one in known if one.at <= begins]
    return before[-1] if before else known[0] if known else None


def next_at(now: datetime) -> datetime:
    """The Monday that comes, in UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())
