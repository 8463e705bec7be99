"""Calls Slack: one HTTP session for all, which cannot be used inside a transaction (law 1)."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from types import SimpleNamespace
from typing import Any

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks import slack_json
from storage.db.database import in_transaction

TIMEOUT_SECONDS = 10
CONNECTIONS = 500
"""At the most at once: as many people as may open a form in the same second, each call taking Slack 300 ms."""


DROPPED: list[type[Exception]] = [
    aiohttp.ServerConnectionError,
    aiohttp.ClientOSError,
    aiohttp.ClientConnectionResetError,
]
"""A connection that went while it was idle; the last is what aiohttp says where it notices before it writes."""

Heard = Callable[[str, str], None]
"""Told of each call's method, and Slack's error code or "ok"."""

_METHOD = re.compile(r"/api/([a-zA-Z]+(?:\.[a-zA-Z]+){1,3})", re.ASCII)
_DONE = re.compile(rb'\s*\{\s*"ok"\s*:\s*true')
"""How nearly every answer begins; the whole of it is read where somebody needs it."""


class CalledInsideTransaction(RuntimeError):
    """Slack was called while a transaction was open, which would hold the database for as long as Slack takes."""


class TooLate(RuntimeError):
    """The right to make this call ran out before it could begin, as when the process was frozen meanwhile."""


_latest: ContextVar[float | None] = ContextVar("latest", default=None)


@contextmanager
def no_later_than(latest: float) -> Iterator[None]:
    """Calls made within may begin until this reading of the monotonic clock. They raise TooLate."""
    before = _latest.set(latest)
    try:
        yield
    finally:
        _latest.reset(before)


async def _again_where_not_sent(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Send it once more where the connection had gone before anything was written, so that even a post may be repeated.

    Slack closes connections that stay idle, and one may be taken up in that moment: aiohttp then says that it cannot
    write, and only then. What was written and stays without an answer is not repeated here.
    """
    try:
        return await handler(request)
    except aiohttp.ClientOSError as fault:
        if not isinstance(fault.__cause__, aiohttp.ClientConnectionResetError):
            raise
        await asyncio.sleep(0)  # The other connections that went with it are out of the pool after one turn.
        return await handler(request)


async def _in_time(_session: aiohttp.ClientSession, _context: SimpleNamespace, _connection: object) -> None:
    """Asked when the connection is there and nothing has been sent: the last moment at which a call can be stopped."""
    latest = _latest.get()
    if latest is not None and monotonic() > latest:
        raise TooLate


async def _guard(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, call: aiohttp.TraceRequestStartParams
) -> None:
    if in_transaction():
        raise CalledInsideTransaction(call.url.path)


def session(heard: Heard | None = None) -> aiohttp.ClientSession:
    """`heard` is told of every answer, of those too that a client waits out by itself."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(_guard)
    tracing.on_connection_create_end.append(_in_time)
    tracing.on_connection_reuseconn.append(_in_time)
    if heard is not None:
        tracing.on_request_exception.append(_unanswered(heard))
    return aiohttp.ClientSession(
        response_class=_heard_by(heard) if heard is not None else _Response,
        json_serialize_bytes=slack_json.written,
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        middlewares=[_again_where_not_sent],
        trace_configs=[tracing],
    )


class _Response(aiohttp.ClientResponse):
    """Bolt gives each listener a copy of its client, so what is done for all of them is done by what they share."""

    async def json(self, *, loads: Callable[[str], Any] = slack_json.read, **given: Any) -> Any:
        return await super().json(loads=loads, **given)


def _heard_by(heard: Heard) -> type[aiohttp.ClientResponse]:
    class Response(_Response):
        async def read(self) -> bytes:
            body = await super().read()
            heard(_method(self.url.path), _code(self.status, body))
            return body

    return Response


def _unanswered(heard: Heard) -> Callable[..., Awaitable[None]]:
    async def told(_session: object, _context: object, call: aiohttp.TraceRequestExceptionParams) -> None:
        heard(_method(call.url.path), "no_answer")

    return told


def _method(path: str) -> str:
    found = _METHOD.search(path)
    return found[1] if found else "upload" if "/upload" in path else "response_url"


def _code(status: int, body: bytes) -> str:
    if _DONE.match(body):
        return "ok"
    try:
        said = slack_json.read(body)
    except ValueError:
        return "ok" if status == 200 else f"http_{status}"
    known = isinstance(said, dict) and "ok" in said
    return "ok" if not known or said["ok"] else str(said.get("error", "other"))


def for_posts(token: str, base_url: str, shared: aiohttp.ClientSession) -> AsyncWebClient:
    """Never retries by itself: a post whose answer was lost may have arrived, and only the relay can find out."""
    return AsyncWebClient(token=token, base_url=base_url, session=shared, retry_handlers=[])


def for_reads(token: str, base_url: str, shared: aiohttp.ClientSession) -> AsyncWebClient:
    """For what may be asked twice: waits out a 429 and a dropped connection."""
    retry = [AsyncConnectionErrorRetryHandler(error_types=DROPPED), AsyncRateLimitErrorRetryHandler(max_retry_count=3)]
    return AsyncWebClient(token=token, base_url=base_url, session=shared, retry_handlers=retry)
