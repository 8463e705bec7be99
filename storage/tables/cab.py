"""Meetings of the change advisory board: their agenda, who came, and what was come to."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table

NEXT = "meeting IS NULL"


class CabMeeting(Table, table=True):
    __tablename__ = "cab_meeting"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    """open or closed."""
    chair: str
    """Who opened it."""
    channel_name: str
    """Where its agenda is, as the policy had it then."""
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str | None = None
    exports: int = 0
    """How often its minutes were posted as a file."""
    policy_version: int = Field(foreign_key="policy_version.id")


class CabItem(Table, table=True):
    """A change on an agenda; without a meeting it waits for the next one."""

    __tablename__ = "cab_item"
    __table_args__ = (
        UniqueConstraint("meeting", "change"),
        Index("uq_cab_item_next", "change", unique=True, sqlite_where=text(NEXT), postgresql_where=text(NEXT)),
        Index(None, "change"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting: int | None = Field(default=None, foreign_key="cab_meeting.number")
    change: int = Field(foreign_key="change.number")
    why: str
    """Why it is on the agenda."""
    added_by: str
    added_at: datetime = Field(sa_type=Moment)
    settled: str | None = None
    """How it stood when the meeting was closed, as JSON."""


class CabAttendance(Table, table=True):
    """Who said that they are there."""

    __tablename__ = "cab_attendance"

    meeting: int = Field(primary_key=True, foreign_key="cab_meeting.number", sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
