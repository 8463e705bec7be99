"""Incidents."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.incident import flow
from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Record, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OPEN))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class Incident(Record, table=True):
    __table_args__ = (
        Index(None, "state", "number"),
        Index(None, "reporter", "number"),
        partial("ix_incident_open", "service", "priority", "number", where=OPEN),
        # What bears on services: read whole by `/service`, and never from the rows.
        partial(
            "ix_incident_open_bearing",
            "priority",
            "number",
            "private",
            "service",
            "state",
            where=OPEN,
        ),
        Index(None, "assignee", "number"),
        # What is open by whose it is: beside the index of all that they ever had.
        partial("ix_incident_open_assignee", "assignee", where=OPEN),
        Index(None, "reporter", "state"),
        Index(None, "opened_at"),
        Index(None, "resolved_at"),
        Index(None, "moved_at"),
        partial("ix_incident_private", "number", where="private = 1", postgresql="private"),
        Index(None, "origin_channel", "origin_ts"),
    )

    noun: ClassVar[Noun] = Noun.INCIDENT

    revision: int = 1
    summary: Document
    description: Document = ""
    service: Code
    impact: Code
    urgency: Code
    priority: Code
    overridden: bool = False
    """Whether the desk set the priority by hand, whatever impact and urgency give."""
    private: bool = False
    reporter: Code
    logged_by: Code | None = None
    """Who typed it, where that was somebody else on the reporter's behalf."""
    assignee: Code | None = None
    assigned_group: Code | None = None
    """A group's key."""
    pending_on: Code | None = None
    pending_note: Document | None = None
    resolution: Document | None = None
    resolution_code: Code | None = None
    duplicate_of: int | None = None
    """The number of the incident that it was merged into."""
    moved_at: datetime | None = Field(default=None, sa_type=Moment)
    """When the last step of the flow was taken, and by whom."""
    moved_by: Code | None = None
    reopened_by: Code | None = None
    reopened_note: Document | None = None
    """Why it is open again; both until it is resolved anew."""
    origin_channel: Code | None = None
    """Slack's ids of the thread that it was logged from."""
    origin_ts: Code | None = None
    rating: int | None = None
    rating_comment: Annotated[str, PersonsWords(by="reporter")] | None = None
    rated_at: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_by: Code | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=Moment)
    resolved_by: Code | None = None
    imported_from: Code | None = None
    """The tool that it was moved in from."""
    old_ref: Code | None = None
    """Its number there, by which people may still look for it."""
    policy_version: int = Field(foreign_key="policy_version.id")
