"""The desk itself: numbers given out, policies in force, people, groups and channels."""

from datetime import datetime

from sqlmodel import Field

from storage.db.columns import Code, Document, ErasedApart, Moment
from storage.tables.base import Table


class Counter(Table, table=True):
    noun: Code = Field(primary_key=True)
    last: int


class PolicyVersion(Table, table=True):
    __tablename__ = "policy_version"

    id: int | None = Field(default=None, primary_key=True)
    hash: Code = Field(index=True)
    text: Document
    since: datetime = Field(sa_type=Moment)


class Person(Table, table=True):
    id: ErasedApart = Field(primary_key=True)
    """Slack's user id."""
    name: ErasedApart
    user_name: ErasedApart | None = Field(default=None, index=True)
    """In small letters: a policy may name somebody by it."""
    tz: ErasedApart = "UTC"
    email: ErasedApart | None = None
    """None where Slack does not tell it."""
    is_admin: bool = False
    """Owner or admin of the workspace."""
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    seen_at: datetime = Field(sa_type=Moment)


class Membership(Table, table=True):
    group_key: ErasedApart = Field(primary_key=True)
    person: ErasedApart = Field(primary_key=True, index=True)


class HomeVisit(Table, table=True):
    """When somebody opened their Home tab last."""

    __tablename__ = "home_visit"

    person: ErasedApart = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class Place(Table, table=True):
    """A channel that the policy names, and where Slack keeps it."""

    name: Code = Field(primary_key=True)
    channel: Code
    archived: bool = False
