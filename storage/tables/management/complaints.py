"""Complaints about services."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Record


class Complaint(Record, table=True):
    __tablename__ = "complaint"
    __table_args__ = (
        Index(None, "state", "answer_by"),
        Index(None, "complainant", "state"),
        Index(None, "received_at"),
    )

    noun: ClassVar[Noun] = Noun.COMPLAINT

    revision: int = 1
    title: Document
    words: Annotated[str, PersonsWords(by="complainant")]
    """What is wrong, as who complains says it."""
    about: Code | None = None
    """The record that it is about."""
    service: Code | None = None
    complainant: Code
    received_at: datetime = Field(sa_type=Moment)
    acknowledge_by: datetime = Field(sa_type=Moment)
    answer_by: datetime = Field(sa_type=Moment)
    """Until when an answer is promised; an escalation promises it anew."""
    promised_by: datetime = Field(sa_type=Moment)
    """Until when the first answer was promised, which figures are about."""
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    """When it was answered last."""
    answered_first_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_by: Code | None = None
    answer: Annotated[str, PersonsWords(by="answered_by")] = ""
    escalated_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
