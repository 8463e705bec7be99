"""The ladder of a promise: which alarms ring on its way, and who hears which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.rules.incident.priority import Priority
from bot.rules.sla.clocks import BREACH, ClockKind, Owner
from bot.rules.sla.policy import EscalationLevel

TOGETHER = timedelta(minutes=1)
"""Alarms that are due within it are due at once: each speaks."""
_TEXT = re.compile(r"([0-9]+):([0-9]+)(?:\+([0-9]+))?(?:~(.+))?", re.ASCII)


@dataclass(frozen=True)
class Level:
    """How far a promise has come; `str` is the alarm's occurrence, unique for a clock: “1:75”, “2:100+3”."""

    cycle: int
    threshold: int
    """In per cent of the target."""
    repeat: int = 0
    rung: str = ""
    """The rung whose telling was put off until its hours begin; with “@U1” until the quiet hours of that person end."""

    def __str__(self) -> str:
        again = f"+{self.repeat}" if self.repeat else ""
        return f"{self.cycle}:{self.threshold}{again}{f'~{self.rung}' if self.rung else ''}"

    @property
    def rung_key(self) -> str:
        return self.rung.partition("@")[0]

    @property
    def person(self) -> str:
        """Whom alone it is for; empty where it is for all whom the rung names."""
        return self.rung.partition("@")[2]

    @classmethod
    def parse(cls, occurrence: str) -> Self:
        """Raises ValueError."""
        found = _TEXT.fullmatch(occurrence)
        if found is None:
            raise ValueError(f"“{occurrence}” is no occurrence of a promise's alarm")
        return cls(int(found[1]), int(found[2]), int(found[3] or 0), found[4] or "")


@dataclass(frozen=True)
class Escalation:
    """The rungs that concern one promise, by their keys."""

    rungs: Mapping[str, tuple[int, EscalationLevel]]
    """With the threshold of each."""

    @classmethod
    def of(
        cls,
        alarms: Mapping[str, EscalationLevel],
        warn_at: int,
        kind: ClockKind,
        priority: Priority,
        owner: Owner = Owner.DESK,
    ) -> Self:
        rungs = {key: rung for key, rung in alarms.items() if rung.concerns(kind, priority, owner)}
        return cls({key: (warn_at if rung.at is None else rung.at, rung) for key, rung in rungs.items()})

    @property
    def thresholds(self) -> Sequence[int]:
        """In order, those of 1 per cent and more: what speaks at 0 needs no timer.

        The breach is always among them: it is recorded even if nobody is told.
        """
        return sorted({BREACH, *(threshold for threshold, _ in self.rungs.values())} - {0})

    def at(self, threshold: int) -> Mapping[str, EscalationLevel]:
        return {key: rung for key, (where, rung) in self.rungs.items() if where == threshold}

    def told(self, level: Level) -> Mapping[str, EscalationLevel]:
        """The rungs that speak at a level: at a repeat those that repeat, at what was put off that one alone."""
        rungs = self.at(level.threshold)
        if level.rung:
            return {key: rung for key, rung in rungs.items() if key == level.rung_key}
        return {key: rung for key, rung in rungs.items() if rung.again_every} if level.repeat else rungs

    def highest(self, target: timedelta, spent: timedelta) -> int:
        """The highest threshold passed; 0 if none is."""
        return max((one for one in self.thresholds if goal(target, one) <= spent), default=0)

    def next_repeat(self, level: Level, target: timedelta, spent: timedelta) -> tuple[Level, timedelta] | None:
        """When a threshold that was passed is told again, as spent time; the first that lies ahead."""
        rung = next(iter(_repeating(self.at(level.threshold).values())), None)
        if rung is None or rung.again_every is None:
            return None
        base = goal(target, level.threshold)
        repeat = max(level.repeat, (spent - base) // rung.again_every) + 1
        if repeat > rung.again_most:
            return None
        return Level(level.cycle, level.threshold, repeat), base + repeat * rung.again_every


@dataclass(frozen=True)
class Ring:
    """An alarm of a ladder: how far it is about, when it was to ring, and when it did."""

    level: Level
    due_at: datetime
    fired_at: datetime | None = None

    @property
    def first(self) -> bool:
        """Of a threshold that was just passed, neither a repeat nor put off."""
        return not self.level.repeat and not self.level.rung

    def apart(self, other: "Ring") -> bool:
        """Whether the two were to ring at different times, so that only a backlog brings them together."""
        return abs(self.due_at - other.due_at) > TOGETHER


def is_told(mine: Ring, others: Iterable[Ring], ladder: Escalation, highest: int, now: datetime) -> bool:
    """Whether an alarm speaks as it rings, or leaves that to another of the same backlog.

    Of thresholds that were passed unseen only the highest speaks. A repeat and what was put off speak, whatever was
    passed long before; only where they rang too late, together with what is newer, does that speak for them.
    """
    if mine.first:
        return mine.level.threshold == highest
    cycle = [one for one in others if one.level.cycle == mine.level.cycle and one.level != mine.level]
    waiting = [one for one in cycle if one.fired_at is None and one.due_at <= now]
    spoke = [one for one in cycle if one.fired_at is not None and one.fired_at >= mine.due_at]
    if any(one.first and one.level.threshold == highest and one.apart(mine) for one in [*waiting, *spoke]):
        return False
    if mine.level.rung:
        said = [*waiting, *(one for one in spoke if not one.level.rung)]
        return not any(_says_the_same(mine.level, one.level, ladder) for one in said)
    return not any(one.level.repeat and not one.level.rung and one.apart(mine) for one in waiting)


def speaking(ladder: Escalation, levels: Sequence[Level]) -> list[tuple[Level, str, EscalationLevel]]:
    """The rungs of a message that tells several levels at once; of a lower one those that reach anybody more."""
    found: list[tuple[Level, str, EscalationLevel]] = []
    for level in sorted(levels, key=lambda one: -one.threshold):
        reached = {audience for above, _, rung in found if above.threshold > level.threshold for audience in rung.to}
        found += [(level, key, rung) for key, rung in ladder.told(level).items() if not reached.issuperset(rung.to)]
    return found


def unseen(mine: Ring, others: Iterable[Ring], now: datetime) -> list[Level]:
    """The thresholds below that were passed in the same backlog: whom they name hears of this one instead."""
    below = [one for one in others if one.first and one.level.cycle == mine.level.cycle]
    if not mine.first:
        return []
    return [
        one.level
        for one in below
        if one.level.threshold < mine.level.threshold
        and (one.due_at <= now if one.fired_at is None else one.fired_at >= mine.due_at)
    ]


def _says_the_same(mine: Level, newer: Level, ladder: Escalation) -> bool:
    """Whether a later repeat, or one that was put off too, is for the same ears."""
    first = not newer.rung and not newer.repeat
    if first or (newer.threshold, newer.repeat) <= (mine.threshold, mine.repeat):
        return False
    ears = [rung.to for rung in ladder.told(newer).values()]
    return any(rung.to in ears for rung in ladder.told(mine).values())


def goal(target: timedelta, threshold: int) -> timedelta:
    """The share of a target, in per cent, as time to be spent."""
    return target * threshold / BREACH


def _repeating(rungs: Iterable[EscalationLevel]) -> list[EscalationLevel]:
    """Those that repeat, the most frequent first."""
    return sorted((rung for rung in rungs if rung.again_every), key=lambda one: one.again_every or timedelta.max)
