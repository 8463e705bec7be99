"""Incidents."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Incident(Table, table=True):
    __table_args__ = (Index(None, "state", "number"), Index(None, "reporter", "number"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    revision: int = 1
    summary: str
    description: str = ""
    service: str
    impact: str
    urgency: str
    priority: str
    reporter: str
    assignee: str | None = None
    resolution: str | None = None
    opened_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=Moment)
    resolved_by: str | None = None
    policy_version: int = Field(foreign_key="policy_version.id")
