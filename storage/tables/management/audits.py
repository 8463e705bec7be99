"""Internal audits, what was checked in each, the samples that were drawn, and the findings."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table


class InternalAudit(Record, table=True):
    __tablename__ = "internal_audit"
    __table_args__ = (Index(None, "state", "planned_on"), Index(None, "auditor", "state"))

    noun: ClassVar[Noun] = Noun.AUDIT

    revision: int = 1
    title: Document
    criteria: Document = ""
    """Against what it is held, beside the clauses: documents, contracts, law."""
    clauses: Code
    """Its scope: numbers with spaces between."""
    auditor: Code
    planned_on: Code
    """A day, in ISO 8601."""
    summary: Document = ""
    """What the report says of the whole."""
    reported_at: datetime | None = Field(default=None, sa_type=Moment)
    planned_by: Code
    planned_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code


class AuditCheck(Table, table=True):
    """What the auditor says of one clause; the last word counts."""

    __tablename__ = "audit_check"

    audit: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    clause: Code = Field(primary_key=True)
    verdict: Code
    words: Document
    evidence: Code = ""
    """References of the records that were looked at, with spaces between."""
    by: Code
    at: datetime = Field(sa_type=Moment)


class AuditSample(Table, table=True):
    """A sample that was drawn for an audit: it can be drawn again from what stands here."""

    __tablename__ = "audit_sample"

    audit: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    population: Code
    period: Code
    size: int
    word: Document
    seed: Code
    population_hash: Code
    refs: Code
    """What was drawn, in order, with spaces between."""
    at: datetime = Field(sa_type=Moment)


class AuditFinding(Record, table=True):
    __tablename__ = "audit_finding"
    __table_args__ = (Index(None, "state", "due_on"), Index(None, "owner", "state"))

    noun: ClassVar[Noun] = Noun.FINDING

    revision: int = 1
    title: Document
    kind: Code
    audit: Code
    """The audit's reference."""
    clause: Code
    evidence: Code = ""
    """References of records, with spaces between."""
    owner: Code | None = None
    owner_group: Code
    due_on: Code
    """A day, by which it is answered, and then closed."""
    correction: Document = ""
    """What was put right at once."""
    cause: Document = ""
    effect: Document = ""
    """What was seen when it was checked whether the actions took effect."""
    answered_by: Code | None = None
    closed_by: Code | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    raised_by: Code
    raised_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code


class ClauseOwner(Table, table=True):
    """Who answers for a clause in the organisation."""

    __tablename__ = "clause_owner"

    clause: Code = Field(primary_key=True)
    owner: Code
    by: Code
    at: datetime = Field(sa_type=Moment)
