"""Standard changes: what was agreed once and needs no further approval."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record


class Template(Record, table=True):
    """One version of a standard change. Versions of one name and service follow one another; one is in use."""

    __table_args__ = (UniqueConstraint("name", "service", "version"),)

    noun: ClassVar[Noun] = Noun.STANDARD

    version: int = 1
    name: Document
    service: Code
    plan: Document
    test_plan: Document = ""
    backout: Document
    proposed_by: Code
    proposed_at: datetime = Field(sa_type=Moment)
    proposed_from: int = Field(foreign_key="change.number")
    settled_by: Code | None = None
    """Who approved, suspended or retired it last."""
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    policy_version: int = Field(foreign_key="policy_version.id")

    @property
    def revision(self) -> int:
        """What votes and buttons are about: another version is another record."""
        return self.version
