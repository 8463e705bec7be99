"""The change calendar's feeds, and its pictures in Slack."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.db.columns import Code, Document, Moment
from storage.tables.base import Table


class CalendarFeed(Table, table=True):
    """One address a person, from which calendar programs read."""

    __tablename__ = "calendar_feed"

    person: Code = Field(primary_key=True)
    token_hash: Code = Field(unique=True)
    """Whoever has the token reads what the person may see: it is kept nowhere."""
    made_at: datetime = Field(sa_type=Moment)


class CalendarPicture(Table, table=True):
    """A message with a picture of the calendar; the picture is drawn anew while its days last."""

    __tablename__ = "calendar_picture"
    __table_args__ = (UniqueConstraint("look", "day", name="uq_calendar_picture_look_day"),)

    id: int | None = Field(default=None, primary_key=True)
    look: Code
    """What it shows: "week 2026-11-23 vpn"."""
    day: Code
    """The date it was asked for; the same is posted once a day."""
    asked_by: Code
    asked_at: datetime = Field(sa_type=Moment)
    shows: Code
    """A digest of what the last drawing that was asked for shows."""
    drawings: int = 1
    file: Code | None = None
    """Slack's id of the last picture that arrived there, and what it shows in words."""
    words: Document = ""
