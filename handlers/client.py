"""Speaking to Slack: one HTTP session for all, which refuses to be used inside a transaction (law 1)."""

from types import SimpleNamespace

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from storage.database import in_transaction

TIMEOUT_SECONDS = 10
CONNECTIONS = 500
"""At the most at once: as many people as may open a form in the same second, each call taking Slack 300 ms."""


class CalledInsideTransaction(RuntimeError):
    """Slack was called while a transaction was open, which would hold the database for as long as Slack takes."""


async def _guard(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, call: aiohttp.TraceRequestStartParams
) -> None:
    if in_transaction():
        raise CalledInsideTransaction(call.url.path)


def session() -> aiohttp.ClientSession:
    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(_guard)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        trace_configs=[tracing],
    )


def for_posts(token: str, base_url: str, shared: aiohttp.ClientSession) -> AsyncWebClient:
    """Never retries by itself: a post whose answer was lost may have arrived, and only the courier can find out."""
    return AsyncWebClient(token=token, base_url=base_url, session=shared, retry_handlers=[])


def for_reads(token: str, base_url: str, shared: aiohttp.ClientSession) -> AsyncWebClient:
    """For what may be asked twice: waits out a 429 and a dropped connection."""
    retry = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=3)]
    return AsyncWebClient(token=token, base_url=base_url, session=shared, retry_handlers=retry)
