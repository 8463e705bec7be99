"""Surveys of satisfaction: one a period, whom each asks, and what they said."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Record, Table


class Survey(Record, table=True):
    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("survey", "every", "first_day"), Index(None, "closed_at"))

    noun: ClassVar[Noun] = Noun.SURVEY

    revision: int = 1
    survey: Code
    """The key in the policy, as it was."""
    every: Code
    first_day: Code
    """Of its period, in ISO 8601: with `survey` and `every` it is sent once, whatever becomes of the zone."""
    title: Document
    zone: Code
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    service: Code | None = None
    """None for the desk as a whole."""
    room: Code
    """The name of the channel that it is shown in."""
    questions: Document
    """JSON: a list, as they were asked."""
    comment: Document
    """What is asked at the end, and answered in words."""
    named: bool = False
    least: int
    """Of fewer answers nothing is shown but their number."""
    asked: int
    """How many people."""
    due_at: datetime = Field(sa_type=Moment)
    sent_at: datetime = Field(sa_type=Moment)
    closes_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    answered: int | None = None
    """How many had answered when it was over."""
    results: Code | None = None
    """JSON, once it is over: of each question how many gave each mark. None of fewer answers than may be shown."""
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code


class SurveyAnswer(Table, table=True):
    """Of one who is asked."""

    __tablename__ = "survey_answer"

    survey: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """The number of the survey."""
    person: Code = Field(primary_key=True)
    marks: Code | None = None
    """JSON: a mark for each question; None while there is no answer."""
    comment: Annotated[str, PersonsWords(by="person", leaves="")] = ""
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
