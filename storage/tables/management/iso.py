"""What people say of a clause of ISO/IEC 20000-1, and what is done for one at planned intervals."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import Index
from sqlmodel import Field

from storage.db.columns import ERASED, Code, Moment, PersonsWords
from storage.tables.base import Table


class ClauseJudgement(Table, table=True):
    """A person's judgement of an axis of a clause. The newest of each axis counts, until its day."""

    __tablename__ = "clause_judgement"
    __table_args__ = (Index(None, "clause", "axis"),)

    id: int | None = Field(default=None, primary_key=True)
    clause: Code
    """Its number."""
    axis: Code
    """designed, done or works; or the key of a question of the policy's own."""
    status: Code
    subject: Code = ""
    """The reference of the record that it rests on."""
    reason: Annotated[str, PersonsWords(by="by", leaves=ERASED)]
    by: Code
    at: datetime = Field(sa_type=Moment)
    until: Code
    """A day, in ISO 8601: then it lapses."""


class ClauseTask(Table, table=True):
    """An action that repeats, kept for a clause; those that follow it count too."""

    __tablename__ = "clause_task"

    clause: Code = Field(primary_key=True)
    action: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Its number."""
    by: Code
    at: datetime = Field(sa_type=Moment)
