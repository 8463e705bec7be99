"""Configuration items, what they stand in relation to, who has seen them, and the plans of imports."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, false
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table, partial


class ConfigurationItem(Record, table=True):
    __tablename__ = "configuration_item"
    __table_args__ = (
        Index(None, "type", "key"),
        Index(None, "key"),
        Index(None, "folded"),
        Index(None, "verify_on"),
        partial("ix_configuration_item_private", "number", where="private = 1", postgresql="private"),
    )

    noun: ClassVar[Noun] = Noun.CI

    revision: int = 1
    type: Code
    key: Document
    """What tells it from others of its type, by the policy of when it was written; empty where it has none."""
    name: Document
    folded: Document
    """The name in small letters, to be found by."""
    owner_group: Code | None = None
    environment: Document = ""
    attributes: Document = "{}"
    """JSON: texts by attribute; that it was marked private, too."""
    origins: Document = "{}"
    """JSON: which source said what."""
    added_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    verified_at: datetime | None = Field(default=None, sa_type=Moment)
    verified_by: Code | None = None
    verify_on: Code | None = None
    """A day, in ISO 8601: from then on it is to be verified again."""
    private: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """By its own mark or by its type: for its audience alone."""


class CiRelationRow(Table, table=True):
    """One member of a group that an item stands in a relation to."""

    __tablename__ = "ci_relation"
    __table_args__ = (
        Index(None, "target"),
        partial(
            "ix_ci_relation_dangling",
            "wanted",
            where="target IS NULL",
        ),
    )

    item: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    group_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    relation: Code
    needs: int | None = None
    """Of the group; the same in each of its rows."""
    target: int | None = None
    wanted: Document = ""
    """What was said, where it leads nowhere yet."""


class CiPresence(Table, table=True):
    """That a source had an item in a file of its own."""

    __tablename__ = "ci_presence"
    __table_args__ = (Index(None, "item"),)

    source: Code = Field(primary_key=True)
    item: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    there: bool
    """False: its last file had it no more."""
    seen_at: datetime = Field(sa_type=Moment)


class CiCampaign(Table, table=True):
    """That people were asked to look at items, by a scope or a sample of it."""

    __tablename__ = "ci_campaign"
    __table_args__ = (Index(None, "closed_at"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: Document
    scope: Document = ""
    """As `/ci list` has it."""
    share: Code
    seed: Document
    """By which its sample can be drawn again."""
    population: int
    """How many items its scope had."""
    one_by_one: bool
    due_on: Code
    """A day, in ISO 8601."""
    started_by: Code
    started_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: Code | None = None


class CiCampaignItem(Table, table=True):
    """An item that a campaign asks about, and what came of it."""

    __tablename__ = "ci_campaign_item"
    __table_args__ = (Index(None, "item"),)

    campaign: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    item: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    asked_group: Code
    outcome: Code | None = None
    said_by: Code | None = None
    said_at: datetime | None = Field(default=None, sa_type=Moment)


class ServicesPost(Table, table=True):
    """A message of how services are now; the last one alone is kept true."""

    __tablename__ = "services_post"

    id: int | None = Field(default=None, primary_key=True)
    room: Code
    """The name of its channel."""
    asked_by: Code
    asked_at: datetime = Field(sa_type=Moment)
    shows: Code
    """A digest of what was last asked to be drawn."""


class CiPlan(Table, table=True):
    """What a file would change, until somebody applies it."""

    __tablename__ = "ci_plan"

    id: Code = Field(primary_key=True)
    source: Code
    world: Code
    """A digest of what it was made for."""
    summary: Document
    """JSON: what is told of it."""
    made_at: datetime = Field(sa_type=Moment)
    made_by: Code
    applied_at: datetime | None = Field(default=None, sa_type=Moment)
    applied_by: Code | None = None


class CiPlanPart(Table, table=True):
    """Some of the items that a plan writes, in order."""

    __tablename__ = "ci_plan_part"

    plan: Code = Field(primary_key=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: Document
    """JSON."""
