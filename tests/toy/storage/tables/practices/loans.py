"""Loans of equipment."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record


class Loan(Record, table=True):
    noun: ClassVar[Noun] = Noun.LOAN

    item: Document
    borrower: Code
    asked_at: datetime = Field(sa_type=Moment)
