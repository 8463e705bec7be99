"""Service requests: what somebody asked for by a form of the catalogue, and the tasks that fulfil it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from bot.rules.request import flow
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OPEN))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class ServiceRequest(Record, table=True):
    """What was asked for stays as it was asked for, whatever becomes of the catalogue."""

    __tablename__ = "service_request"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "requester", "state"),
        Index(None, "requester", "number"),
        Index(None, "assignee", "number"),
        Index(None, "behalf", "number"),
        Index(None, "moved_at"),
        Index(None, "due_at"),
        partial("ix_service_request_open_behalf", "behalf", where=OPEN),
        partial("ix_service_request_open_assignee", "assignee", where=OPEN),
        partial("ix_service_request_open", "due_at", "number", where=OPEN),
    )

    noun: ClassVar[Noun] = Noun.REQUEST

    revision: int = 1
    """What approvals are about: a request is not edited, so that there is one."""
    item: Code
    """The key of the catalogue."""
    title: Document
    service: Code
    owner_group: Code
    """Fulfils it."""
    requester: Code
    behalf: Code | None = None
    """For whom it is; None: for who asked."""
    policy_version: int
    form_digest: Code
    """Which form it was that was filled in."""
    answers: Document
    """JSON: the questions that were asked, in their words, and what was answered (`rules/form/evaluation.Kept`)."""
    promise: int
    """Seconds within which it is to be fulfilled, from when it is approved."""
    calendar: Code | None = None
    """In whose hours they count; None: day and night."""
    pending_on: Code | None = None
    seconds_left: int | None = None
    """Of the promise while its clock stands still."""
    approval: Code | None = None
    """The key of the approval policy; None where it needs none."""
    assignee: Code | None = None
    raised_at: datetime = Field(sa_type=Moment)
    approved_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    """Until when it is promised; None while approval is waited for, or the clock stands still."""
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    rating: int | None = None
    """From 1 to 5: what who asked says of it once it is closed."""
    imported_from: Code | None = None
    """The tool that it was moved in from."""
    old_ref: Code | None = None
    """Its number there, by which people may still look for it."""
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code


class RequestTask(Table, table=True):
    """A task of one request, in the words of the catalogue as it was."""

    __tablename__ = "request_task"
    __table_args__ = (UniqueConstraint("request", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    request: int = Field(index=True)
    key: Code
    title: Document
    group_key: Code
    instructions: Document = ""
    checklist: Document = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    """JSON: what is ticked before it is done, and what of it was."""
    ticked: Document = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    after: Code = ""
    """Keys of the tasks that come first, with spaces between."""
    change: Document | None = None
    """The name of the standard change that does it."""
    raised: Code | None = Field(default=None, index=True)
    """The reference of the change that was raised for it."""
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    done_by: Code | None = None
