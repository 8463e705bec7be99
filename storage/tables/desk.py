"""The desk itself: numbers given out, policies in force, people, groups and channels."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Counter(Table, table=True):
    noun: str = Field(primary_key=True)
    last: int


class PolicyVersion(Table, table=True):
    __tablename__ = "policy_version"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(index=True)
    text: str
    since: datetime = Field(sa_type=Moment)


class Person(Table, table=True):
    id: str = Field(primary_key=True)
    """Slack's user id."""
    name: str
    tz: str = "UTC"
    is_admin: bool = False
    """Owner or admin of the workspace."""
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    seen_at: datetime = Field(sa_type=Moment)


class Membership(Table, table=True):
    group_key: str = Field(primary_key=True)
    person: str = Field(primary_key=True, index=True)


class Place(Table, table=True):
    """A channel that the policy names, and where Slack keeps it."""

    name: str = Field(primary_key=True)
    channel: str
    archived: bool = False
