"""Incidents, the people they concern, and what they are linked to."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Incident(Table, table=True):
    __table_args__ = (
        Index(None, "state", "number"),
        Index(None, "reporter", "number"),
        Index(None, "origin_channel", "origin_ts"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    revision: int = 1
    summary: str
    description: str = ""
    service: str
    impact: str
    urgency: str
    priority: str
    overridden: bool = False
    """Whether the desk set the priority by hand, whatever impact and urgency give."""
    private: bool = False
    reporter: str
    logged_by: str | None = None
    """Who typed it, where that was somebody else on the reporter's behalf."""
    assignee: str | None = None
    assigned_group: str | None = None
    """A group's key."""
    pending_on: str | None = None
    pending_note: str | None = None
    resolution: str | None = None
    resolution_code: str | None = None
    duplicate_of: int | None = None
    """The number of the incident that it was merged into."""
    moved_at: datetime | None = Field(default=None, sa_type=Moment)
    """When the last step of the flow was taken, and by whom."""
    moved_by: str | None = None
    origin_channel: str | None = None
    """Slack's ids of the thread that it was logged from."""
    origin_ts: str | None = None
    rating: int | None = None
    rating_comment: str | None = None
    rated_at: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=Moment)
    resolved_by: str | None = None
    policy_version: int = Field(foreign_key="policy_version.id")


class IncidentPerson(Table, table=True):
    """Somebody whom an incident concerns beside its reporter and assignee."""

    __tablename__ = "incident_person"

    incident: int = Field(primary_key=True, foreign_key="incident.number")
    person: str = Field(primary_key=True, index=True)
    part: str = Field(primary_key=True)
    """affected: is told how it goes; reader: may see it though it is private."""
    since: datetime = Field(sa_type=Moment)


class IncidentLink(Table, table=True):
    __tablename__ = "incident_link"

    incident: int = Field(primary_key=True, foreign_key="incident.number")
    other: str = Field(primary_key=True, index=True)
    """The reference of the other record."""
    by: str
    at: datetime = Field(sa_type=Moment)
