"""SLA clocks, and the timers that ring on their way."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.sla.clocks import Owner, clock_name
from storage.db.columns import Code, Moment
from storage.tables.base import Table, partial

OPEN = "ended_at IS NULL"
BROKEN = "breached_at IS NOT NULL"
OVERDUE = f"{OPEN} AND {BROKEN}"


class Clock(Table, table=True):
    """What the facts about a promise come to; `bot/usecases/sla/clocks.py` derives it again at each of them."""

    __table_args__ = (
        UniqueConstraint("subject", "kind", "owner", "cycle"),
        partial("ix_clock_open", "due_at", where=OPEN),
        partial("ix_clock_breached_at", "breached_at", where=BROKEN),
        partial("ix_clock_overdue", "breached_at", where=OVERDUE),
        Index(None, "service", "ended_at"),
        Index(None, "service", "breached_at"),
        Index(None, "ended_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: Code
    kind: Code
    owner: Code = Owner.DESK.value
    """Who owes it: desk, “group:network” or “supplier:carrier”."""
    cycle: int = 1
    """Counts how often it was promised anew."""
    state: Code = "running"
    """running, paused, met, breached or cancelled."""
    service: Code = ""
    priority: Code = ""
    calendar: Code = "always"
    started_at: datetime = Field(sa_type=Moment)
    target_seconds: int
    due_at: datetime = Field(sa_type=Moment)
    """While it is paused, when it was due before that."""
    paused_at: datetime | None = Field(default=None, sa_type=Moment)
    pause_reason: Code | None = None
    left_seconds: int | None = None
    """What is left of the target, while it is paused."""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    breached_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: Code | None = None
    """Who said “I'm on it”."""
    excused_at: datetime | None = Field(default=None, sa_type=Moment)
    excused_by: Code | None = None
    policy_version: int = Field(foreign_key="policy_version.id")

    @property
    def name(self) -> str:
        """As its timers, facts and notices have it."""
        return clock_name(self.kind, self.owner)


WAITING = "fired_at IS NULL AND cancelled_at IS NULL"


class Timer(Table, table=True):
    """Law 4: a deadline is a row. `occurrence` is the share of the target in per cent ("75", "100") or the like."""

    __table_args__ = (
        UniqueConstraint("subject", "kind", "occurrence"),
        partial("ix_timer_waiting", "due_at", where=WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: Code
    kind: Code
    occurrence: Code
    due_at: datetime = Field(sa_type=Moment)
    fired_at: datetime | None = Field(default=None, sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
