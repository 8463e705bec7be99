"""Changes that incidents are asked about."""

from datetime import datetime

from sqlmodel import Field

from storage.db.columns import Code, Moment
from storage.tables.base import Table


class ChangeSuspicion(Table, table=True):
    """Whether a change is what an incident comes from: asked, and answered once."""

    __tablename__ = "change_suspicion"

    incident: int = Field(primary_key=True, foreign_key="incident.number")
    change: int = Field(primary_key=True, foreign_key="change.number")
    asked_at: datetime = Field(sa_type=Moment)
    verdict: Code | None = None
    """linked or ruled out."""
    judged_by: Code | None = None
    judged_at: datetime | None = Field(default=None, sa_type=Moment)
