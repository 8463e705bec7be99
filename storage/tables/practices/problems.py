"""Problems, the tree of what each comes from, and known errors."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.problem import flow
from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OPEN))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class Problem(Record, table=True):
    __table_args__ = (
        Index(None, "state", "number"),
        Index(None, "assignee", "number"),
        Index(None, "moved_at"),
        partial("ix_problem_open", "priority", "number", where=OPEN),
    )

    noun: ClassVar[Noun] = Noun.PROBLEM

    revision: int = 1
    title: Document
    summary: Document = ""
    source: Code
    source_ref: Code | None = None
    """The record that it was raised from."""
    service: Code
    impact: Code
    urgency: Code
    priority: Code
    private: bool = False
    owner_group: Code
    assignee: Code | None = None
    raised_by: Code
    raised_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    no_cause: Document | None = None
    """Why no cause can be found."""
    watched_from: datetime | None = Field(default=None, sa_type=Moment)
    watched_until: datetime | None = Field(default=None, sa_type=Moment)
    look_again_on: Code | None = None
    """Of a risk that is accepted: a day, in ISO 8601."""
    judged_by: Document | None = None
    """What its closing rests on, or why it was accepted, dismissed or cancelled."""
    duplicate_of: int | None = None
    """The number of the problem that it was merged into."""
    imported_from: Code | None = None
    """The tool that it was moved in from."""
    old_ref: Code | None = None
    """Its number there, by which people may still look for it."""


class ProblemCause(Table, table=True):
    """One “why”: a tree, since each may explain another."""

    __tablename__ = "problem_cause"

    problem: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    under: int | None = None
    """The number of the cause that it explains; None: it explains the problem itself."""
    category: Code
    statement: Document
    status: Code
    """supposed, confirmed or ruled out."""
    evidence: Document = ""
    """Links, numbers of facts, or what was seen."""
    by: Code
    at: datetime = Field(sa_type=Moment)


class KnownError(Record, table=True):
    """What goes wrong, and how to work around it until that is mended."""

    __tablename__ = "known_error"
    __table_args__ = (Index(None, "problem"), Index(None, "state", "number"))

    noun: ClassVar[Noun] = Noun.KNOWN_ERROR

    revision: int = 1
    problem: int
    symptom: Document
    workaround: Document
    words: Document = ""
    """What else people may type who have it."""
    audience: Code
    services: Code
    """Keys, with spaces between them."""
    review_on: Code
    """A day, in ISO 8601: from then on it is marked, and its owner is asked."""
    private: bool = False
    owner: Code
    made_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    published: int = 0
    """How often it was published, or changed since."""
    superseded_by: int | None = None
    offered: int = 0
    used: int = 0
    helped: int = 0


class ProblemTrend(Table, table=True):
    """What a problem was proposed for: the evidence, which only grows."""

    __tablename__ = "problem_trend"

    problem: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rule: Code = Field(index=True)
    cluster: Document
    count: int
    expected: float
    days: int
    records: Code
    """References, with spaces between them."""
    found_at: datetime = Field(sa_type=Moment)
    grown_at: datetime | None = Field(default=None, sa_type=Moment)


class KnownErrorWord(Table, table=True):
    """The words of what is published: how it is found while somebody types."""

    __tablename__ = "known_error_word"

    word: Code = Field(primary_key=True)
    known_error: int = Field(primary_key=True, index=True, sa_column_kwargs={"autoincrement": False})
