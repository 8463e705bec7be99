"""Standard changes: what was agreed once and needs no further approval."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Template(Table, table=True):
    """One version of a standard change. Versions of one name and service follow one another; one is in use."""

    __table_args__ = (UniqueConstraint("name", "service", "version"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    version: int = 1
    name: str
    service: str
    plan: str
    test_plan: str = ""
    backout: str
    proposed_by: str
    proposed_at: datetime = Field(sa_type=Moment)
    proposed_from: int = Field(foreign_key="change.number")
    settled_by: str | None = None
    """Who approved, suspended or retired it last."""
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    policy_version: int = Field(foreign_key="policy_version.id")
