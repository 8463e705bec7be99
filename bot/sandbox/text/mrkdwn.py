"""Text in both directions: what a person types as Slack stores it, and what is stored as a reader sees it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.sandbox.state import User
from bot.sandbox.text import dates

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

ENTITY = re.compile(r"<([^<>\n]+)>")
MENTION = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
CHANNEL = re.compile(r"(?<![\w#&])#([a-z0-9_-]{1,80})")
RING = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>")
LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
MARKS = {m: re.compile(rf"(?<![\w{m}])\{m}(\S(?:[^{m}\n]*\S)?)\{m}(?![\w{m}])") for m in "*_~`"}
KEPT = 10_000
"""Texts without their marks."""
BROADCASTS = ("channel", "here", "everyone")


def escape(text: str) -> str:
    """The three characters that Slack escapes in whatever a person types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stored(text: str) -> str:
    """What an app sent, as Slack keeps it: a lone ampersand becomes an entity."""
    return LONE_AMPERSAND.sub("&amp;", text)


def rings(text: str) -> Iterator[str]:
    """The broadcasts and user groups that this text rings; escaped ones ring nobody."""
    for found in RING.finditer(text):
        yield found[1] or "subteam"


def typed(slack: "Workspace", text: str, *, named: bool, broadcasts: bool = True) -> str:
    """A person's typing: escaped, with @person and #channel turned into references.

    `named` adds the name (`<@U1|agent>`), as a slash command with `should_escape` has it.
    """

    def mention(found: re.Match[str]) -> str:
        handle, tail = found[1].rstrip(".-_"), found[1][len(found[1].rstrip(".-_")) :]
        if broadcasts and handle in BROADCASTS:
            return f"<!{handle}>{tail}"
        if (user := slack.user_named(handle)) is not None:
            return f"<@{user.id}{'|' + user.name if named else ''}>{tail}"
        group = next((g for g in slack.usergroups.values() if g.handle == handle), None)
        return f"<!subteam^{group.id}{'|@' + handle if named else ''}>{tail}" if group else found[0]

    def channel(found: re.Match[str]) -> str:
        place = slack.channel_named(found[1])
        return f"<#{place.id}|{place.name if named or not place.is_private else ''}>" if place else found[0]

    return CHANNEL.sub(channel, MENTION.sub(mention, escape(text)))


@lru_cache(KEPT)
def _unmarked(text: str) -> str:
    """The same words are looked at again and again: whoever reads a channel reads all that was said in it."""
    for sign, mark in MARKS.items():
        if sign in text:
            text = mark.sub(r"\1", text)
    return text


class Reader:
    """Shows stored text to one person: names for ids, dates in their zone, formatting marks gone."""

    def __init__(self, slack: "Workspace", user: User) -> None:
        self._slack = slack
        self._zone = ZoneInfo(user.tz)

    def shows(self, text: str) -> str:
        """mrkdwn as it is seen."""
        parts: list[str] = []
        last = 0
        for entity in ENTITY.finditer(text):
            parts += [_unmarked(text[last : entity.start()]), self._entity(entity[1])]
            last = entity.end()
        # marks may stand around an entity, so what was split at it is looked at once more as a whole
        return unescape(_unmarked("".join([*parts, _unmarked(text[last:])])))

    def _entity(self, body: str) -> str:
        target, _, label = body.partition("|")
        kinds: dict[str, Callable[[str, str], str]] = {"@": self._user, "#": self._channel, "!": self._special}
        if (kind := kinds.get(target[:1])) is not None:
            return kind(target[1:], label)
        return label or target.removeprefix("mailto:")

    def _user(self, user: str, label: str) -> str:
        known = self._slack.users.get(user)
        return f"@{known.name}" if known else f"@{label or user}"

    def _channel(self, channel: str, label: str) -> str:
        known = self._slack.channels.get(channel)
        return f"#{known.name}" if known else f"#{label or channel}"

    def _special(self, what: str, label: str) -> str:
        if what.startswith("date^"):
            return self._date(what, label)
        if what.startswith("subteam^"):
            group = self._slack.usergroups.get(what.removeprefix("subteam^"))
            return f"@{group.handle}" if group else label or "@group"
        return f"@{what}"

    def _date(self, what: str, fallback: str) -> str:
        """`date^seconds^pattern` with an optional `^link`; what is not a number shows its fallback."""
        parts = what.split("^")
        if len(parts) < 3 or not parts[1].lstrip("-").isdigit():
            return fallback
        at = datetime.fromtimestamp(int(parts[1]), UTC).astimezone(self._zone)
        return dates.show(parts[2], at, self._slack.clock.now().astimezone(self._zone))
