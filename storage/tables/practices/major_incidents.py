"""Major incidents: how far one has come, who holds which role, and what stands in its timeline."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.db.columns import ERASED, Code, Moment, PersonsWords
from storage.tables.base import Table


class MajorIncident(Table, table=True):
    __tablename__ = "major_incident"

    number: int = Field(primary_key=True, foreign_key="incident.number", sa_column_kwargs={"autoincrement": False})
    state: Code
    """investigating, identified, monitoring, resolved or stood_down."""
    updates: int = 0
    """Status updates so far; each promises the next."""
    next_update_at: datetime | None = Field(default=None, sa_type=Moment)
    """None once it is over."""
    updated_at: datetime | None = Field(default=None, sa_type=Moment)
    channel_name: Code | None = None
    """As Slack made it; None until then."""
    topics: int = 0
    """How often the topic was set anew."""
    declared_at: datetime = Field(sa_type=Moment)
    declared_by: Code
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    policy_version: int = Field(foreign_key="policy_version.id")


class MajorRole(Table, table=True):
    """Who holds a role of the policy's."""

    __tablename__ = "major_role"

    number: int = Field(
        primary_key=True, foreign_key="major_incident.number", sa_column_kwargs={"autoincrement": False}
    )
    role: Code = Field(primary_key=True)
    holder: Code
    taken_at: datetime = Field(sa_type=Moment)


class TimelineEntry(Table, table=True):
    """What people put in the timeline beside the facts: a message they pinned, a line of the scribe's."""

    __tablename__ = "timeline_entry"
    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: Code = Field(index=True)
    at: datetime = Field(sa_type=Moment)
    """When it happened."""
    text: Annotated[str, PersonsWords(by="author", leaves=ERASED)] | None = None
    """None until the message was read."""
    author: Code
    channel: Code | None = None
    ts: Code | None = None
    permalink: Code | None = None
    added_by: Code
    added_at: datetime = Field(sa_type=Moment)
    edited_by: Code | None = None
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class TimelinePin(Table, table=True):
    """A person's :pushpin: on a message; the message stays in the timeline while anyone's is on it."""

    __tablename__ = "timeline_pin"

    channel: Code = Field(primary_key=True)
    ts: Code = Field(primary_key=True)
    person: Code = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
