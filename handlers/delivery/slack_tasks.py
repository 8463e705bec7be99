"""Steps that the relay takes in the workspace besides speaking.

Drawn from the record at the moment they are taken, like messages (law 10), and safe to take again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class OpenChannel:
    """Make a channel under the first of these names that is free."""

    names: tuple[str, ...]
    private: bool = False


@dataclass(frozen=True)
class Invite:
    channel: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class SetTopic:
    channel: str
    topic: str


@dataclass(frozen=True)
class Bookmark:
    """A link above a channel to one of our messages."""

    channel: str
    title: str
    emoji: str
    posted_in: str
    ts: str


@dataclass(frozen=True)
class ReadMessage:
    """What somebody said, and where it can be found."""

    channel: str
    ts: str


@dataclass(frozen=True)
class PostFile:
    channel: str
    """A channel's id; or a person's, for their direct messages."""
    name: str
    """Never given to two files, so that one whose answer was lost is found again."""
    title: str
    content: str | bytes | Callable[[], bytes]
    """What is painted takes a while, so it is called beside the event loop."""
    comment: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class PutCanvas:
    """Make a canvas, or write one anew that was made before."""

    channel: str
    """Whose tab it becomes."""
    canvas: str | None
    title: str
    markdown: str
    instead: PostFile
    """For a workspace that takes no canvas."""


@dataclass(frozen=True)
class UploadPicture:
    """A picture that no channel has yet: a message or a tab shows it by the id that Slack gives it."""

    name: str
    title: str
    words: str
    """What it shows, for who cannot see it."""
    draw: Callable[[], bytes]
    """Takes a while, so it is called beside the event loop."""


@dataclass(frozen=True)
class CallWebhook:
    """Tell a program, which is no business of Slack's."""

    url: str
    id: str
    body: bytes
    variables: tuple[str, ...]
    """Of the environment: they have the secrets that it is signed with."""


@dataclass(frozen=True)
class CompleteStep:
    """Say how a step of a workflow ended."""

    execution: str
    outputs: Mapping[str, str]
    error: str = ""
    """Why it failed; empty where it did not."""


@dataclass(frozen=True)
class SetUserGroup:
    """Who is in a user group of Slack, instead of whoever was."""

    group: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class SendMail:
    """Answer somebody who has no Slack."""

    server: str
    user: str | None
    password: str
    """A variable of the environment; empty for none."""
    sender: str
    to: str
    id: str
    answers: str | None
    subject: str
    text: str


Step: TypeAlias = (
    SendMail
    | CallWebhook
    | UploadPicture
    | OpenChannel
    | Invite
    | SetTopic
    | Bookmark
    | ReadMessage
    | PostFile
    | PutCanvas
    | CompleteStep
    | SetUserGroup
)
