"""Post-incident reviews: what people wrote, what Deskbell drew, and the versions that were published."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from bot.rules.review import flow
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OWED))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class Review(Record, table=True):
    __table_args__ = (
        UniqueConstraint("about"),
        Index(None, "state", "due_on"),
        Index(None, "facilitator", "state"),
        partial("ix_review_open", "due_on", "number", where=OPEN),
    )

    noun: ClassVar[Noun] = Noun.REVIEW

    revision: int = 1
    """Counts how often it was put to review: votes are about one."""
    title: Document
    about: Code
    """The reference of the incident or change that is reviewed."""
    because: Code
    """Why it was asked for."""
    private: bool = False
    service: Code
    owner_group: Code
    facilitator: Code | None = None
    due_on: Code
    """A day, in ISO 8601."""
    asked_by: Code
    asked_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    submitted_by: Code | None = None
    declined: Document | None = None
    """Why it was declined."""
    drawn: Document = ""
    """What Deskbell drew of it, as JSON."""
    drawn_at: datetime | None = Field(default=None, sa_type=Moment)
    drawn_from: int = 0
    """The id of the last fact that it was drawn from."""
    version: int = 0
    """How often it was published."""
    exports: int = 0
    canvas: Code | None = None
    """Slack's id of the canvas that it is exported to."""


class ReviewSectionText(Table, table=True):
    """What people wrote in one section; each has a revision of its own, so that two never overwrite each other."""

    __tablename__ = "review_section"

    review: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    section: Code = Field(primary_key=True)
    text: Document
    revision: int = 1
    by: Code
    at: datetime = Field(sa_type=Moment)


class ReviewMilestone(Table, table=True):
    """When something happened, as somebody set it."""

    __tablename__ = "review_milestone"

    review: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: Code = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    evidence: Document
    by: Code
    set_at: datetime = Field(sa_type=Moment)


class ReviewVersion(Table, table=True):
    """A document as it was published. Never rewritten."""

    __tablename__ = "review_version"

    review: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: Document
    """As JSON."""
    digest: Code
    published_at: datetime = Field(sa_type=Moment)
    submitted_by: Code
