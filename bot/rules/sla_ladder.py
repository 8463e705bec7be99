"""The ladder of a promise: which alarms ring on its way, and who hears which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.rules.policy_alarms import Rung
from bot.rules.priority import Priority
from bot.rules.sla import BREACH, ClockKind, Owner

_TEXT = re.compile(r"([0-9]+):([0-9]+)(?:\+([0-9]+))?(?:~(.+))?", re.ASCII)


@dataclass(frozen=True)
class Level:
    """How far a promise has come; `str` is the alarm's occurrence, unique for a clock: “1:75”, “2:100+3”."""

    cycle: int
    threshold: int
    """In per cent of the target."""
    repeat: int = 0
    rung: str = ""
    """The rung whose telling was put off until its hours begin."""

    def __str__(self) -> str:
        again = f"+{self.repeat}" if self.repeat else ""
        return f"{self.cycle}:{self.threshold}{again}{f'~{self.rung}' if self.rung else ''}"

    @classmethod
    def parse(cls, occurrence: str) -> Self:
        """Raises ValueError."""
        found = _TEXT.fullmatch(occurrence)
        if found is None:
            raise ValueError(f"“{occurrence}” is no occurrence of a promise's alarm")
        return cls(int(found[1]), int(found[2]), int(found[3] or 0), found[4] or "")


@dataclass(frozen=True)
class Ladder:
    """The rungs that concern one promise, by their keys."""

    rungs: Mapping[str, tuple[int, Rung]]
    """With the threshold of each."""

    @classmethod
    def of(
        cls,
        alarms: Mapping[str, Rung],
        warn_at: int,
        kind: ClockKind,
        priority: Priority,
        owner: Owner = Owner.DESK,
    ) -> Self:
        rungs = {key: rung for key, rung in alarms.items() if rung.concerns(kind, priority, owner)}
        return cls({key: (rung.at or warn_at, rung) for key, rung in rungs.items()})

    @property
    def thresholds(self) -> Sequence[int]:
        """In order. The breach is always among them: it is recorded even if nobody is told."""
        return sorted({BREACH, *(threshold for threshold, _ in self.rungs.values())})

    def at(self, threshold: int) -> Mapping[str, Rung]:
        return {key: rung for key, (where, rung) in self.rungs.items() if where == threshold}

    def told(self, level: Level) -> Mapping[str, Rung]:
        """The rungs that speak at a level: at a repeat those that repeat, at what was put off that one alone."""
        rungs = self.at(level.threshold)
        if level.rung:
            return {key: rung for key, rung in rungs.items() if key == level.rung}
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


def goal(target: timedelta, threshold: int) -> timedelta:
    """The share of a target, in per cent, as time to be spent."""
    return target * threshold / BREACH


def _repeating(rungs: Iterable[Rung]) -> list[Rung]:
    """Those that repeat, the most frequent first."""
    return sorted((rung for rung in rungs if rung.again_every), key=lambda one: one.again_every or timedelta.max)
