"""Freeze, blackout and maintenance windows of the change calendar."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class ChangeWindow(Table, table=True):
    __tablename__ = "change_window"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    """freeze or maintenance."""
    hard: bool
    """A freeze that blocks; a soft one asks an extra approver."""
    services: str = ""
    """Keys, with spaces; empty for all."""
    title: str
    reason: str
    starts_at: datetime = Field(sa_type=Moment)
    """Of the first occurrence."""
    ends_at: datetime = Field(sa_type=Moment)
    zone: str
    """In which it recurs at the same time by the clock on the wall."""
    rrule: str | None = None
    """RFC 5545; None for what happens once."""
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lifted_why: str | None = None
    policy_version: int = Field(foreign_key="policy_version.id")
