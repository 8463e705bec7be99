"""Freeze, blackout and maintenance windows of the change calendar."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Record


class ChangeWindow(Record, table=True):
    __tablename__ = "change_window"

    noun: ClassVar[Noun] = Noun.WINDOW

    state: Code
    kind: Code
    """freeze or maintenance."""
    hard: bool
    """A freeze that blocks; a soft one asks an extra approver."""
    services: Code = ""
    """Keys, with spaces; empty for all."""
    title: Document
    reason: Document
    starts_at: datetime = Field(sa_type=Moment)
    """Of the first occurrence."""
    ends_at: datetime = Field(sa_type=Moment)
    zone: Code
    """In which it recurs at the same time by the clock on the wall."""
    rrule: Code | None = None
    """RFC 5545; None for what happens once."""
    made_by: Code
    made_at: datetime = Field(sa_type=Moment)
    lifted_by: Code | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lifted_why: Annotated[str, PersonsWords(by="lifted_by")] | None = None
    policy_version: int = Field(foreign_key="policy_version.id")
