"""Meetings of the change advisory board: their agenda, who came, and what was come to."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Moment, WordsInside
from storage.tables.base import Record, Table, partial

NEXT = "meeting IS NULL"


class CabMeeting(Record, table=True):
    __tablename__ = "cab_meeting"

    noun: ClassVar[Noun] = Noun.MEETING

    state: Code
    """open or closed."""
    chair: Code
    """Who opened it."""
    channel_name: Code
    """Where its agenda is, as the policy had it then."""
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: Code | None = None
    exports: int = 0
    """How often its minutes were posted as a file."""
    policy_version: int = Field(foreign_key="policy_version.id")


class CabItem(Table, table=True):
    """A change on an agenda; without a meeting it waits for the next one."""

    __tablename__ = "cab_item"
    __table_args__ = (
        UniqueConstraint("meeting", "change"),
        partial("uq_cab_item_next", "change", unique=True, where=NEXT),
        Index(None, "change"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting: int | None = Field(default=None, foreign_key="cab_meeting.number")
    change: int = Field(foreign_key="change.number")
    why: Code
    """Why it is on the agenda."""
    added_by: Code
    added_at: datetime = Field(sa_type=Moment)
    settled: Annotated[str, WordsInside(items="voices", by="by", words="comment")] | None = None
    """How it stood when the meeting was closed, as JSON."""


class CabAttendance(Table, table=True):
    """Who said that they are there."""

    __tablename__ = "cab_attendance"

    meeting: int = Field(primary_key=True, foreign_key="cab_meeting.number", sa_column_kwargs={"autoincrement": False})
    person: Code = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
