"""What Slack must hear: the outbox, its lanes, and where messages came to stand."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.db.columns import Code, Moment
from storage.tables.base import Table, partial

UNFINISHED = "state IN ('ready', 'sending', 'ambiguous')"
COALESCED = "state = 'ready'"
DONE = "state IN ('sent', 'bundled')"


class Outbox(Table, table=True):
    """One message to post, redraw or publish. Names what is to be said, never its blocks (law 10)."""

    __table_args__ = (
        partial("ix_outbox_unfinished", "lane", "id", where=UNFINISHED),
        partial(
            "uq_outbox_coalesce_key",
            "coalesce_key",
            unique=True,
            where=COALESCED,
        ),
        Index(None, "about"),
        partial("ix_outbox_done", "verb", "kind", "created_at", where=DONE),
        Index(None, "redraws"),
        partial(
            "ix_outbox_dead",
            "id",
            where="state = 'dead'",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedupe_key: Code = Field(unique=True)
    lane: Code
    verb: Code
    """post, redraw, publish, step, webhook or mail."""
    kind: Code
    about: Code
    data: Code = "{}"
    coalesce_key: Code | None = None
    redraws: int | None = Field(default=None, foreign_key="outbox.id")
    """The row whose message a redraw brings up to date."""
    mark: Code
    """Random; stands in the posted message's metadata, so that it can be found again in the channel's history."""
    state: Code = "ready"
    """ready, sending, ambiguous, sent, bundled or dead."""
    attempt: int = 0
    created_at: datetime = Field(sa_type=Moment)
    first_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    last_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    slack_channel: Code | None = None
    slack_ts: Code | None = None
    thread_ts: Code | None = None
    error: Code | None = None


class Lane(Table, table=True):
    """A channel's or person's queue: one call in flight, in order, at Slack's pace.

    A name that starts with "*" is no queue but a gate: Slack's 429 closes it for the workspace until next_at.
    """

    name: Code = Field(primary_key=True)
    next_at: datetime = Field(sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    fence: int = 0
    owner: Code | None = None
    parked_reason: Code | None = None


class Post(Table, table=True):
    """Where a record's message stands, so that it can be drawn again."""

    __table_args__ = (UniqueConstraint("channel", "ts"), Index(None, "lane", "id"))

    id: int | None = Field(default=None, primary_key=True)
    about: Code = Field(index=True)
    kind: Code
    lane: Code
    channel: Code
    ts: Code


class Inbox(Table, table=True):
    """Requests of Slack that were served, so that a retry or a replay does nothing twice."""

    request_key: Code = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
