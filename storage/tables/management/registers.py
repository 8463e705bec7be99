"""Entries of the policy's registers."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record


class RegisterEntry(Record, table=True):
    __tablename__ = "register_entry"
    __table_args__ = (
        Index(None, "register_key", "state"),
        Index(None, "owner", "state"),
        Index(None, "state", "review_on"),
    )

    noun: ClassVar[Noun] = Noun.ENTRY

    revision: int = 1
    register_key: Code
    """In the policy."""
    stage: Code
    leave_by: datetime | None = Field(default=None, sa_type=Moment)
    """By when it is to leave this stage."""
    asked_stage: Code | None = None
    """Where it is to be moved once that is approved."""
    asked_by: Code | None = None
    title: Document
    answers: Document = ""
    """JSON: the questions that were asked, in their words, and what was answered (`rules/form/evaluation.Kept`)."""
    score: float | None = None
    owner: Code | None = None
    owner_group: Code
    review_on: Code
    """A day: by then it is reviewed."""
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    accepted_by: Code | None = None
    accepted_until: Code = ""
    """A day: then it is to be judged anew."""
    made_by: Code
    made_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
