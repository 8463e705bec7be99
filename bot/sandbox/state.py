"""What a workspace holds, a class a noun. Ids and timestamps are Slack's: text, unique, sortable."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
"""A JSON object as Slack sends or takes it."""


class SlackError(Exception):
    """A refusal with Slack's own error code; `fields` go into the answer beside it."""

    def __init__(self, code: str, *messages: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields: Json = dict(fields)
        if messages:
            self.fields["response_metadata"] = {"messages": list(messages)}


@dataclass(eq=False)
class User:
    """A member of the workspace: a person, the app's bot user, or Slackbot."""

    id: str
    name: str
    real_name: str
    tz: str
    color: str
    updated: int
    display_name: str = ""
    """What they chose to be called; mostly nothing, and then the real name is shown."""
    email: str = ""
    title: str = ""
    is_primary_owner: bool = False
    is_owner: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        words = self.real_name.split() or [self.name]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted


@dataclass(eq=False)
class Message:
    """A message as everybody in its channel sees it, or an ephemeral one that a single person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    bot_id: str | None = None
    app_id: str | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    ephemeral_to: str | None = None
    broadcast: bool = False
    fields: Json = field(default_factory=dict)
    """What a subtype adds, such as a `topic` or an `inviter`."""
    selected: dict[str, Json] = field(default_factory=dict)
    """What each person chose in this message's menus, by user: block_id → action_id → element state."""

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(eq=False)
class Channel:
    """A public or private channel, or a direct message (`is_im`, then `user` is the other side)."""

    id: str
    name: str
    created: int
    creator: str
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_general: bool = False
    is_archived: bool = False
    user: str | None = None
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    pins: list[Json] = field(default_factory=list)
    canvases: list[str] = field(default_factory=list)
    """Its tabs, by the ids of the files that they are."""

    @property
    def kind(self) -> str:
        """The prefix of the scopes that concern it: channels, groups, im or mpim."""
        if self.is_im:
            return "im"
        return "mpim" if self.is_mpim else "groups" if self.is_private else "channels"

    def at(self, ts: str) -> Message | None:
        """The message at `ts`, whoever may see it."""
        place = self._place(ts)
        found = self.messages[place] if place < len(self.messages) else None
        return found if found is not None and found.ts == ts else None

    def message(self, ts: str) -> Message | None:
        """The lasting message at `ts`; ephemeral ones are not found, as in Slack."""
        found = self.at(ts)
        return found if found is not None and found.ephemeral_to is None else None

    def replies(self, ts: str) -> list[Message]:
        later = self.messages[self._place(ts) :]
        return [m for m in later if m.thread_ts == ts and m.is_reply and m.ephemeral_to is None]

    def _place(self, ts: str) -> int:
        # They stand in the order of their timestamps: a channel of thousands is looked into at each press of a button.
        return bisect_left(self.messages, ts, key=lambda one: one.ts)

    def seen_by(self, user: str) -> Iterator[Message]:
        """Everything in it, oldest first, without what is ephemeral to somebody else."""
        return (m for m in self.messages if m.ephemeral_to in (None, user))


@dataclass(eq=False)
class View:
    """A modal on a person's screen, or their App Home."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    """block_id → action_id → element state, as in `view.state.values`."""
    errors: dict[str, str] = field(default_factory=dict)
    """What the form shows in red, by block_id; under "" what is wrong with the form as a whole."""

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")


@dataclass(eq=False)
class Usergroup:
    id: str
    handle: str
    name: str
    members: list[str]
    date_create: int
    date_update: int
    date_delete: int = 0
    """When it was disabled; 0 where it is not."""


@dataclass(eq=False)
class Upload:
    """A file on its way in, or there once it is complete."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes = b""
    complete: bool = False
    user: str = ""
    """Who gave it; empty: the app."""
    shares: dict[str, list[Json]] = field(default_factory=dict)
    """Where it was shared, by channel: each with the `ts` of its message."""
    is_canvas: bool = False


@dataclass
class Execution:
    """A step of a workflow that the app was asked to do."""

    id: str
    callback_id: str
    state: str = "running"
    outputs: Json = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Ring:
    """Somebody's telephone rang: `what` is channel, here, everyone or subteam."""

    what: str
    channel: str
    ts: str
    by: str


@dataclass(frozen=True)
class Call:
    """One Web API call as the workspace saw it. `lost`: it was carried out, but the answer never arrived."""

    method: str
    args: Json
    ok: bool
    error: str | None
    at: datetime
    lost: bool = False
    status: int = 200
    retry_after: int | None = None
    """Seconds that it was told to wait."""
