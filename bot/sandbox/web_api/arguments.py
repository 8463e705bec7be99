"""One Web API call: its arguments read the way Slack reads them, and the channel it concerns."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bot.sandbox.state import Channel, Json, Message, SlackError, User

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Method:
    """What Slack's reference says about a method."""

    name: str
    tier: str
    bot_scopes: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    errors: tuple[str, ...]


@cache
def methods() -> dict[str, Method]:
    """Every supported method, from the facts file."""
    facts = json.loads((files(__package__) / "methods.json").read_text("utf-8"))
    return {
        name: Method(name, fact["tier"], *(tuple(fact[k]) for k in ("bot_scopes", "required", "optional", "errors")))
        for name, fact in facts.items()
    }


@dataclass(frozen=True)
class Ask:
    """A call in hand. Every reader raises SlackError with the code Slack would answer."""

    slack: "Workspace"
    method: Method
    args: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name, default)
        if isinstance(value, dict | list):
            raise SlackError("invalid_arguments", f"[ERROR] must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        return str(self.args.get(name, default)).lower() in ("true", "1")

    def number(self, name: str, default: int, most: int, code: str = "invalid_limit") -> int:
        try:
            value = int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", f"[ERROR] must be a number [json-pointer:/{name}]") from None
        if not 0 < value <= most:
            raise SlackError(code)
        return value

    def listed(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list; in JSON it may be a real one."""
        value = self.args.get(name, default)
        parts = value if isinstance(value, list) else str(value).split(",")
        return [part for part in (str(p).strip() for p in parts) if part]

    def parsed(self, name: str, code: str = "invalid_arguments") -> Any:
        """A JSON value, given as such or as text; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(code, f"[ERROR] must be valid JSON [json-pointer:/{name}]") from None

    # What the call is about

    def place(self, name: str = "channel", *, member: bool = False, active: bool = False) -> Channel:
        """The channel named by id, if the app may see it and has the scope for its kind."""
        found = self.slack.channels.get(self.text(name))
        if found is None or (found.is_private and self.slack.bot_user.id not in found.members):
            raise SlackError("channel_not_found")
        self.needs_scope_for(found.kind)
        if active and found.is_archived:
            raise SlackError("is_archived")
        if member and self.slack.bot_user.id not in found.members:
            raise SlackError("not_in_channel")
        return found

    def needs_scope_for(self, kind: str) -> None:
        """Of a method with a scope for each kind of channel, the app must have one for this kind."""
        wanted = [scope for scope in self.method.bot_scopes if scope.startswith(f"{kind}:")]
        if wanted and not self.slack.manifest.scopes.intersection(wanted):
            raise missing_scope(self.slack, wanted)

    def user(self, name: str = "user") -> User:
        found = self.slack.users.get(self.text(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, place: Channel, name: str = "timestamp") -> Message:
        ts = self.text(name)
        if not ts:
            raise SlackError("no_item_specified")
        if not ts.replace(".", "", 1).isdigit():
            raise SlackError("bad_timestamp" if "bad_timestamp" in self.method.errors else "message_not_found")
        found = place.message(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def page(
        self, items: Sequence[Any], *, default: int = 100, most: int = 1000, code: str = "invalid_limit"
    ) -> tuple[list[Any], str]:
        """The part of the items that cursor and limit ask for, and the next cursor ("" at the end)."""
        limit, start = self.number("limit", default, most, code), self._start()
        end = start + limit
        return list(items[start:end]), _cursor(end) if end < len(items) else ""

    def _start(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            word, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
            if word != "next":
                raise ValueError(word)
            return int(offset)
        except (ValueError, binascii.Error):
            raise SlackError("invalid_cursor") from None


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def missing_scope(slack: "Workspace", wanted: Sequence[str]) -> SlackError:
    provided = ",".join(sorted(slack.manifest.scopes))
    return SlackError("missing_scope", needed=",".join(wanted), provided=provided)


class RateLimited(Exception):
    """Too many calls; `seconds` until the next is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


Handler = Callable[[Ask], Json]
HANDLERS: dict[str, Handler] = {}


def answers(name: str) -> Callable[[Handler], Handler]:
    """Enter a function as the one that answers a method."""

    def enter(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return enter
