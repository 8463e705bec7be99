"""Logging: one line a record, in text or JSON, with secrets removed; no message can forge a line."""

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TextIO

STRUCK = "[struck out]"

_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+"  # bot, user, refresh and configuration tokens
    r"|xapp-[\w-]+"
    r"|v0=[0-9a-f]{64}"  # a request's signature
    r"|(?<=ticket=)[^&\s\"']+"  # the way into a Socket Mode connection
    r"|(?<=/commands/)T[A-Z0-9]+/[\w/]+"  # a response_url: whoever knows it may answer
    r"|(?<=/calendar/)[\w-]{20,}"  # a calendar's address: whoever has it reads it
    r"|(?<=/actions/)T[A-Z0-9]+/[\w/]+"
    r"|(?<=://)[^/@\s:]+:[^@\s]+(?=@)"  # a database's user and password
)
_told: ContextVar[Mapping[str, object]] = ContextVar("told", default={})  # noqa: B039 - never changed, only replaced
_CONTROL = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPED = {one: chr(one).encode("unicode_escape").decode("ascii") for one in _CONTROL}
"""Made once: an interpreter that ends knows no codecs any more, and may have a line to log."""


def set_up(
    level: str, form: Literal["text", "json"], *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send everything to `stream` (stderr unless given); `secrets` are struck out wherever they stand."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter((_Json if form == "json" else _Text)(secrets))
    handler.addFilter(_is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for unset in ("slack_sdk.web.async_base_client", "slack_sdk.webhook.async_client"):
        # They take a level that nobody has set for DEBUG, and write out each form and answer for no line at all.
        logging.getLogger(unset).setLevel(root.level)
    for chatty in ("aiosqlite", "alembic", "asyncio", "apscheduler"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.WARNING))


def _is_news(record: logging.LogRecord) -> bool:
    """Not what Bolt says of the token that it finds in the environment: the client that it is given has the same."""
    return not (record.name.startswith("slack_bolt") and record.getMessage().startswith("As you gave `client`"))


@contextmanager
def telling(**told: object) -> Iterator[None]:
    """Whatever is logged meanwhile has this in it: every field in JSON, the request's code in text."""
    token = _told.set({**_told.get(), **told})
    try:
        yield
    finally:
        _told.reset(token)


def struck(text: str) -> str:
    """The text without what looks like a secret."""
    return _SECRET.sub(STRUCK, text)


class _Redacting(logging.Formatter):
    """A formatter rather than a filter: what an exception says is only known once it is written out."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        given = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._given = re.compile("|".join(map(re.escape, given))) if given else None

    def _clean(self, text: str) -> str:
        return struck(self._given.sub(STRUCK, text) if self._given else text)

    def _trace(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return self._clean("\n".join(parts))


class _Text(_Redacting):
    def format(self, record: logging.LogRecord) -> str:
        message = _escaped(self._clean(record.getMessage()))
        # Indented, so that no line of a traceback can pass for a record of its own.
        trace = "".join(f"\n    | {_escaped(line)}" for line in self._trace(record).split("\n") if line)
        request = f" ({_told.get()['request']})" if "request" in _told.get() else ""
        return f"{_moment(record)} {record.levelname:<7} {record.name}: {message}{request}{trace}"


class _Json(_Redacting):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._clean(record.getMessage()),
            **_told.get(),
        }
        trace = self._trace(record)
        return json.dumps(line | {"trace": trace} if trace else line)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)
