"""Changes and the approvals asked for them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Change(Table, table=True):
    __table_args__ = (Index(None, "state", "number"), Index(None, "requester", "number"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    revision: int = 1
    title: str
    type: str
    service: str
    why: str
    plan: str
    backout: str
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    approvers: str
    """The key of the group that was asked."""
    requester: str
    requested_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = None
    comment: str | None = None
    policy_version: int = Field(foreign_key="policy_version.id")


class Approval(Table, table=True):
    """One approver asked about one revision, and the answer."""

    __table_args__ = (
        UniqueConstraint("change", "revision", "approver"),
        Index(
            "ix_approval_waiting",
            "approver",
            sqlite_where=text("vote IS NULL"),
            postgresql_where=text("vote IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    change: int = Field(foreign_key="change.number")
    revision: int
    approver: str
    asked_at: datetime = Field(sa_type=Moment)
    vote: str | None = None
    comment: str | None = None
    voted_at: datetime | None = Field(default=None, sa_type=Moment)
