"""What belongs to a record of any noun: the people whom it concerns, and what it is linked to."""

from datetime import datetime
from typing import Annotated

from sqlmodel import Field

from storage.db.columns import ERASED, Code, Document, Moment, PersonsWords
from storage.tables.base import Table


class RecordPerson(Table, table=True):
    """Somebody whom a record concerns beside those whom its own table names."""

    __tablename__ = "record_person"

    subject: Code = Field(primary_key=True)
    """The record's reference."""
    person: Code = Field(primary_key=True, index=True)
    part: Code = Field(primary_key=True)
    """affected and watcher: are told how it goes; reader: may see it though it is private."""
    since: datetime = Field(sa_type=Moment)


class RecordField(Table, table=True):
    """What was answered to an additional field of a record, in the words of the policy as it was."""

    __tablename__ = "record_field"

    subject: Code = Field(primary_key=True)
    """The record's reference."""
    key: Code = Field(primary_key=True)
    place: int
    """In the order of the form."""
    asks: Document
    type: Code
    answer: Annotated[str, PersonsWords(by="by", leaves='""')]
    """JSON: a text, or several."""
    said: Annotated[str, PersonsWords(by="by", leaves=ERASED)]
    by: Code


class RecordLink(Table, table=True):
    """Two records that have to do with each other; either shows the other."""

    __tablename__ = "record_link"

    subject: Code = Field(primary_key=True)
    other: Code = Field(primary_key=True, index=True)
    kind: Code = Field(primary_key=True)
    """related; cause: the subject comes from the other; duplicate: the other was merged into the subject."""
    by: Code
    at: datetime = Field(sa_type=Moment)
