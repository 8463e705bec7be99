"""Management reviews, with their inputs and minutes."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record


class ManagementReview(Record, table=True):
    __tablename__ = "management_review"
    __table_args__ = (Index(None, "state", "planned_on"),)

    noun: ClassVar[Noun] = Noun.MANAGEMENT_REVIEW

    revision: int = 1
    title: Document
    period: Code
    """Whose records it looks at: 2026-Q1, or two days."""
    planned_on: Code
    """A day, in ISO 8601."""
    chair: Code
    attended: Code = ""
    """Who took part, with spaces between."""
    carriers: Code = ""
    """Who carries a decision out, with spaces between: they may read it."""
    inputs: Document = ""
    """JSON: by topic, what records say and what was said; frozen once it is closed."""
    drawn_at: datetime | None = Field(default=None, sa_type=Moment)
    minutes: Document = ""
    """Markdown, as it was closed. Never rewritten."""
    digest: Code = ""
    held_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    planned_by: Code
    planned_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
