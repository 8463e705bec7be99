"""Service-level clocks: their kinds and states (ISO/IEC 20000-1:2018, 8.3.3)."""

from datetime import datetime
from enum import StrEnum


class ClockKind(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    """Whether its work was done meanwhile or not: a breach is never erased."""
    CANCELLED = "cancelled"


BREACH = 100
"""The threshold, in per cent of the target, at which a promise is broken."""


def kept(due_at: datetime, done_at: datetime) -> bool:
    """Done exactly at the deadline is kept."""
    return done_at <= due_at
