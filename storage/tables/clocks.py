"""SLA clocks, and the alarms that ring on their way."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Clock(Table, table=True):
    __table_args__ = (UniqueConstraint("subject", "kind"), Index(None, "state", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    kind: str
    state: str = "running"
    """running, met, breached or cancelled."""
    started_at: datetime = Field(sa_type=Moment)
    target_seconds: int
    due_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    breached_at: datetime | None = Field(default=None, sa_type=Moment)
    policy_version: int = Field(foreign_key="policy_version.id")


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
