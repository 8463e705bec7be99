"""A delivery: one row that is ready to go to Slack, drawn, with the right to send it."""

from dataclasses import dataclass
from datetime import datetime

from handlers.blocks.kit import HomeView, Message
from handlers.delivery.slack_tasks import Step
from storage.delivery.lanes import Lease
from storage.tables import Outbox

EVENT_TYPE = "deskbell_notice"
"""Metadata of our posts: by the mark in it a post whose answer was lost is found again."""


@dataclass(frozen=True)
class Delivery:
    lease: Lease
    row: Outbox

    @property
    def gate(self) -> str:
        """What Slack limits together; a 429 holds all of it back."""
        return self.row.verb

    @property
    def tries(self) -> int:
        """Attempts with this one, which was counted after the row was read."""
        return self.row.attempt + 1


@dataclass(frozen=True)
class Post(Delivery):
    channel: str
    message: Message


@dataclass(frozen=True)
class Redraw(Delivery):
    channel: str
    ts: str
    message: Message


@dataclass(frozen=True)
class Publish(Delivery):
    person: str
    home: HomeView


@dataclass(frozen=True)
class Task(Delivery):
    """A step in the workspace, such as making a channel."""

    step: Step
    since: datetime
    """When it was first tried, by our clock."""

    @property
    def in_doubt(self) -> bool:
        """It was tried before, so it may be done already."""
        return self.row.attempt > 0


@dataclass(frozen=True)
class LookUp(Delivery):
    """Did a post whose answer was lost arrive?"""

    channel: str
    thread_ts: str | None
    since: datetime
    """No message of ours is older; by our clock, so with a wide margin."""
    after_ts: str | None
    """The lane's last message that is known to have arrived: by Slack's own clock."""

    @property
    def gate(self) -> str:
        return "look-up"
