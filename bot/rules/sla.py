"""Service-level clocks: when a promise is due and when to ring before it (ISO/IEC 20000-1:2018, 8.3.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ClockKind(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


BREACH = 100
"""The threshold, in per cent of the target, at which a promise is broken."""


@dataclass(frozen=True)
class Promise:
    kind: ClockKind
    started_at: datetime
    target: timedelta
    thresholds: tuple[int, ...]
    """Per cent of the target at which the alarm rings; BREACH is always among them."""

    @property
    def due_at(self) -> datetime:
        return self.started_at + self.target

    def rings_at(self, threshold: int) -> datetime:
        return self.started_at + self.target * threshold / 100


def promises(response: timedelta, resolution: timedelta, start: datetime, warn_at: int) -> list[Promise]:
    """The promises made when an incident is opened. Both run round the clock, every day."""
    thresholds = (warn_at, BREACH)
    return [
        Promise(ClockKind.RESPONSE, start, response, thresholds),
        Promise(ClockKind.RESOLUTION, start, resolution, thresholds),
    ]


def kept(due_at: datetime, done_at: datetime) -> bool:
    """Done exactly at the deadline is kept."""
    return done_at <= due_at
