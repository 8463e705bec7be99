"""What is laid over the policy's rotas in Slack, and what was told of them."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import Index
from sqlmodel import Field

from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Table, partial

OFFERED = "standing = 'open'"


class OnCallOverride(Table, table=True):
    """A span of a rota in which somebody comes in, is out, or both; laid over the rota in the order of the numbers."""

    __tablename__ = "on_call_override"
    __table_args__ = (Index(None, "rota", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    rota: Code
    kind: Code
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    comes: Code | None = None
    leaves: Code | None = None
    reason: Annotated[str, PersonsWords(by="made_by")] | None = None
    source: Code | None = None
    """The key of the calendar from elsewhere that says so."""
    made_by: Code
    made_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_by: Code | None = None


class RotaCalendarState(Table, table=True):
    """When a calendar of the policy's was read, and what was wrong with it."""

    __tablename__ = "rota_calendar"

    key: Code = Field(primary_key=True)
    tried_at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    error: Code = ""
    """Why it could not be read the last time; empty where it could."""
    unmatched: Document = ""
    """Who is meant in it and is nobody here, as it was told."""
    waits: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Seconds until it is tried again, where it took more than it may."""


class OnCallOffer(Table, table=True):
    """A turn, or a part of one, that somebody asks others to take."""

    __tablename__ = "on_call_offer"
    __table_args__ = (partial("ix_on_call_offer_open", "rota", where=OFFERED),)

    id: int | None = Field(default=None, primary_key=True)
    rota: Code
    standing: Code
    """open, taken, withdrawn, declined or lapsed."""
    person: Code
    """Whose turn it is."""
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    reason: Annotated[str, PersonsWords(by="person")] | None = None
    offered_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: Code | None = None
    override: int | None = None
    """The number of the override that it became."""
    asked: Code | None = None
    """Whom it was proposed to, as an exchange for the time below; anybody can take what has nobody here."""
    for_starts_at: datetime | None = Field(default=None, sa_type=Moment)
    for_ends_at: datetime | None = Field(default=None, sa_type=Moment)


class OnCallHandOver(Table, table=True):
    """The turn went from some people to others; the newest of a rota has who was on call when it was last looked at."""

    __tablename__ = "on_call_hand_over"
    __table_args__ = (Index(None, "rota", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    rota: Code
    at: datetime = Field(sa_type=Moment)
    went: Code = ""
    """Ids with spaces between them, as in `came`."""
    came: Code = ""
    note: Annotated[str, PersonsWords(by="noted_by")] | None = None
    noted_by: Code | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_by: Code | None = None


class OnCallGap(Table, table=True):
    """A time ahead in which nobody is on call, of which the rota's group was told."""

    __tablename__ = "on_call_gap"

    rota: Code = Field(primary_key=True)
    starts_at: datetime = Field(primary_key=True, sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    told_at: datetime = Field(sa_type=Moment)


class OnCallUserGroup(Table, table=True):
    """A user group of Slack that follows a rota, as Slack has it as far as is known."""

    __tablename__ = "on_call_user_group"

    id: Code = Field(primary_key=True)
    handle: Code = ""
    people: Code = ""
    """Ids with spaces between them."""
    set_at: datetime | None = Field(default=None, sa_type=Moment)
    """None from when others were asked for until Slack has said that it has them."""
    error: Code = ""
    """Why it could not be set the last time; empty where it could."""
