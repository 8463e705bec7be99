"""What somebody put into a form as a file, read from Slack as the bot (scope files:read)."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.form.files import MOST_BYTES as MOST_OF_ANSWER
from bot.rules.form.questions import field_of
from bot.rules.record.refusals import FormRefused
from handlers.ids import Field

MOST_BYTES = 400_000
_TIMEOUT = aiohttp.ClientTimeout(total=2.0)
"""Seconds: a form has three to be answered."""
log = logging.getLogger(__name__)


async def text_of(client: AsyncWebClient, view: Mapping[str, Any], field: Field) -> str | None:
    """The text of the file; None where there is none. Raises FormRefused."""
    answer = view.get("state", {}).get("values", {}).get(field, {}).get(field) or {}
    files = answer.get("files") or []
    if not files:
        return None
    sent = files[0]
    if int(sent.get("size") or 0) > MOST_BYTES:
        raise FormRefused({field: f"This file has more than {MOST_BYTES // 1000} KB. Send a shorter one."})
    try:
        return (await fetched(client, str(sent["url_private_download"]), MOST_BYTES)).decode("utf-8-sig")
    except NOT_HANDED_OVER:
        why = "Slack did not hand this file over. Deskbell needs the scope files:read; paste the text otherwise."
        raise FormRefused({field: why}) from None
    except UnicodeDecodeError:
        raise FormRefused({field: "This is no text in UTF-8."}) from None


NOT_HANDED_OVER = (aiohttp.ClientError, TimeoutError, KeyError)
"""What `fetched` raises, and what is raised where Slack gives no address."""


async def digest_answers(client: AsyncWebClient, view: Mapping[str, Any]) -> None:
    """Write beside each file that answers a question the SHA-256 of its content, as `sha256`.

    One that cannot be read has none, and the form says so at its question.
    """
    await asyncio.gather(*(_digest(client, one) for one in _answers(view)))


def _answers(view: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for block, inputs in view.get("state", {}).get("values", {}).items():
        if block.startswith(field_of("")):
            for stated in inputs.values():
                yield from stated.get("files") or ()


async def _digest(client: AsyncWebClient, sent: dict[str, Any]) -> None:
    if int(sent.get("size") or 0) > MOST_OF_ANSWER:
        return
    try:
        content = await fetched(client, str(sent["url_private_download"]), MOST_OF_ANSWER)
    except NOT_HANDED_OVER as fault:
        log.warning("a file of a form could not be read: %s", type(fault).__name__)
        return
    sent["sha256"] = hashlib.sha256(content).hexdigest()


async def fetched(client: AsyncWebClient, url: str, most: int) -> bytes:
    """All its bytes, so many at most. Without the scope Slack answers with a page to sign in.

    Raises ClientError, TimeoutError.
    """
    headers = {"Authorization": f"Bearer {client.token}"}
    async with aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True) as session:  # noqa: SIM117
        async with session.get(url, headers=headers, proxy=client.proxy, ssl=client.ssl or True) as answer:
            answer.raise_for_status()
            if answer.content_type == "text/html":
                raise aiohttp.ClientPayloadError("a page instead of the file")
            found = bytearray()
            async for piece in answer.content.iter_chunked(1 << 16):
                found += piece
                if len(found) > most:
                    raise aiohttp.ClientPayloadError("more than Slack said")
            return bytes(found)
