"""What Slack must hear: the outbox, its lanes, and where messages came to stand."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table

UNFINISHED = "state IN ('ready', 'sending', 'ambiguous')"
COALESCED = "state = 'ready'"


class Outbox(Table, table=True):
    """One message to post, redraw or publish. Names what is to be said, never its blocks (law 10)."""

    __table_args__ = (
        Index("ix_outbox_unfinished", "lane", "id", sqlite_where=text(UNFINISHED), postgresql_where=text(UNFINISHED)),
        Index(
            "uq_outbox_coalesce_key",
            "coalesce_key",
            unique=True,
            sqlite_where=text(COALESCED),
            postgresql_where=text(COALESCED),
        ),
        Index(None, "about"),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedupe_key: str = Field(unique=True)
    lane: str
    verb: str
    """post, redraw, publish or step."""
    kind: str
    about: str
    data: str = "{}"
    coalesce_key: str | None = None
    redraws: int | None = Field(default=None, foreign_key="outbox.id")
    """The row whose message a redraw brings up to date."""
    mark: str
    """Random; stands in the posted message's metadata, so that it can be found again in the channel's history."""
    state: str = "ready"
    """ready, sending, ambiguous, sent, bundled or dead."""
    attempt: int = 0
    created_at: datetime = Field(sa_type=Moment)
    first_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    last_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    slack_channel: str | None = None
    slack_ts: str | None = None
    thread_ts: str | None = None
    error: str | None = None


class Lane(Table, table=True):
    """A channel's or person's queue: one call in flight, in order, at Slack's pace.

    A name that starts with "*" is no queue but a gate: Slack's 429 closes it for the workspace until next_at.
    """

    name: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    fence: int = 0
    owner: str | None = None
    parked_reason: str | None = None


class Post(Table, table=True):
    """Where a record's message stands, so that it can be drawn again."""

    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    about: str = Field(index=True)
    kind: str
    lane: str
    channel: str
    ts: str


class Inbox(Table, table=True):
    """Requests of Slack that were served, so that a retry or a replay does nothing twice."""

    request_key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
