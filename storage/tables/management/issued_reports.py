"""Reports that were issued: one a period, and each version of it as it was shown."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table


class IssuedReport(Record, table=True):
    __tablename__ = "issued_report"
    __table_args__ = (UniqueConstraint("report", "every", "first_day"),)

    noun: ClassVar[Noun] = Noun.REPORT

    revision: int = 1
    """Its version: a correction makes another."""
    report: Code
    """The key in the policy, as it was."""
    every: Code
    first_day: Code
    """Of its period, in ISO 8601: with `report` and `every` it is issued once, whatever becomes of the zone."""
    title: Document
    zone: Code
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    service: Code | None = None
    """None for all."""
    room: Code
    """The name of the channel that it was posted in."""
    due_at: datetime = Field(sa_type=Moment)
    made_at: datetime = Field(sa_type=Moment)
    late: bool = False


class ReportVersion(Table, table=True):
    """What was shown. It is never changed: its hash stands in the journal."""

    __tablename__ = "report_version"

    report: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """The number of the report."""
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: Document
    """JSON (`bot/rules/report/issue.py`)."""
    digest: Code
    made_at: datetime = Field(sa_type=Moment)
    made_by: Code


class Dashboard(Table, table=True):
    """What who leads sees first, as it was counted last: one row."""

    __tablename__ = "dashboard"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: Document
    """JSON (`bot/usecases/report/management_dashboard.py`)."""
    as_of: datetime = Field(sa_type=Moment)


class FigureSample(Table, table=True):
    """What records of a day came to (`bot/rules/report/samples.py`). Made anew from them at any time."""

    __tablename__ = "figure_sample"

    day: Code = Field(primary_key=True)
    """By UTC, in ISO 8601, behind the number of its format and “/”."""
    body: Document
    """Columns of numbers, packed."""


class FigureSampling(Table, table=True):
    """How far the samples have come: one row."""

    __tablename__ = "figure_sampling"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    fact: int
    """The last fact that they know of."""
    as_of: datetime = Field(sa_type=Moment)
