"""SLA clocks, and the alarms that ring on their way."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from bot.rules.sla import Owner, clock_name
from storage.columns import Moment
from storage.tables.base import Table

OPEN = "ended_at IS NULL"
BROKEN = "breached_at IS NOT NULL"


class Clock(Table, table=True):
    """What the facts about a promise come to; `bot/desk/clocks.py` derives it again at each of them."""

    __table_args__ = (
        UniqueConstraint("subject", "kind", "owner", "cycle"),
        Index("ix_clock_open", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_clock_breached_at", "breached_at", sqlite_where=text(BROKEN), postgresql_where=text(BROKEN)),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    kind: str
    owner: str = Owner.DESK.value
    """Who owes it: desk, “group:network” or “supplier:carrier”."""
    cycle: int = 1
    """Counts how often it was promised anew."""
    state: str = "running"
    """running, paused, met, breached or cancelled."""
    service: str = ""
    priority: str = ""
    calendar: str = "always"
    started_at: datetime = Field(sa_type=Moment)
    target_seconds: int
    due_at: datetime = Field(sa_type=Moment)
    """While it is paused, when it was due before that."""
    paused_at: datetime | None = Field(default=None, sa_type=Moment)
    pause_reason: str | None = None
    left_seconds: int | None = None
    """What is left of the target, while it is paused."""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    breached_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: str | None = None
    """Who pressed “I have it”."""
    excused_at: datetime | None = Field(default=None, sa_type=Moment)
    excused_by: str | None = None
    policy_version: int = Field(foreign_key="policy_version.id")

    @property
    def name(self) -> str:
        """As its alarms, facts and notices have it."""
        return clock_name(self.kind, self.owner)


WAITING = "fired_at IS NULL AND cancelled_at IS NULL"


class Alarm(Table, table=True):
    """Law 4: a deadline is a row. `occurrence` is the share of the target in per cent ("75", "100") or the like."""

    __table_args__ = (
        UniqueConstraint("subject", "kind", "occurrence"),
        Index("ix_alarm_waiting", "due_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    kind: str
    occurrence: str
    due_at: datetime = Field(sa_type=Moment)
    fired_at: datetime | None = Field(default=None, sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
