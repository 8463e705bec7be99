"""Controlled documents: the draft, the versions, what clauses they are for, and who was asked to read them."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table


class ControlledDocument(Record, table=True):
    __tablename__ = "controlled_document"
    __table_args__ = (Index(None, "state", "review_on"), Index(None, "owner", "state"))

    noun: ClassVar[Noun] = Noun.DOCUMENT

    revision: int = 1
    """Counts how often it was put to review: votes are about one."""
    title: Document
    sort: Code
    owner: Code | None = None
    """None: nobody of the group has it yet."""
    owner_group: Code
    text: Document = ""
    """The draft, in Markdown; while none is written, the text of the version in force."""
    written: int = 0
    """Counts how often the draft was changed, so that nobody overwrites what they have not read."""
    writers: Code = ""
    """Who wrote on this draft, with spaces between: none of them approves it."""
    kept_at: Document = ""
    """Where the file is that it is about; empty where the text is all."""
    file_digest: Code = ""
    """SHA-256 of that file."""
    summary: Document = ""
    """What is new in this draft, as it was put to review."""
    effective_on: Code = ""
    """The day on which this draft is to come into force; empty for as soon as it is approved."""
    readers: Code = ""
    """Keys of the groups that have to read each version, with spaces between."""
    version: int = 0
    """The version in force, or the last that was."""
    since: datetime | None = Field(default=None, sa_type=Moment)
    """When that came into force."""
    review_on: Code = ""
    """A day: by then it is looked through. Empty while nothing is in force."""
    withdrawn: Document | None = None
    """Why it was withdrawn."""
    made_by: Code
    made_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    submitted_by: Code | None = None


class DocumentVersion(Table, table=True):
    """A version as it was approved. Its text is never rewritten."""

    __tablename__ = "document_version"

    document: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: Document
    text: Document
    digest: Code
    kept_at: Document = ""
    file_digest: Code = ""
    summary: Document = ""
    writers: Code = ""
    approved_by: Code = ""
    """Who voted for it, with spaces between."""
    approved_at: datetime = Field(sa_type=Moment)
    effective_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    """When another version came, or it was withdrawn."""


class DocumentClause(Table, table=True):
    """A clause of ISO/IEC 20000-1 that a document is for."""

    __tablename__ = "document_clause"

    document: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    clause: Code = Field(primary_key=True)
    by: Code
    at: datetime = Field(sa_type=Moment)


class DocumentReading(Table, table=True):
    """A version that somebody was asked to read, or says to have read and understood."""

    __tablename__ = "document_reading"
    __table_args__ = (Index(None, "person", "read_at"),)

    document: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: Code = Field(primary_key=True)
    asked_at: datetime | None = Field(default=None, sa_type=Moment)
    """None: they said so unasked."""
    read_at: datetime | None = Field(default=None, sa_type=Moment)
