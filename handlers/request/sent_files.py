"""What somebody put into a form as a file, read from Slack as the bot (scope files:read)."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record.refusals import FormRefused
from handlers.ids import Field

MOST_BYTES = 400_000
_TIMEOUT = aiohttp.ClientTimeout(total=2.0)
"""Seconds: a form has three to be answered."""


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
        return (await fetched(client, str(sent["url_private_download"]), MOST_BYTES)).decode()
    except NOT_HANDED_OVER:
        why = "Slack did not hand this file over. Deskbell needs the scope files:read; paste the text otherwise."
        raise FormRefused({field: why}) from None
    except UnicodeDecodeError:
        raise FormRefused({field: "This is no text in UTF-8."}) from None


NOT_HANDED_OVER = (aiohttp.ClientError, TimeoutError, KeyError)
"""What `fetched` raises, and what is raised where Slack gives no address."""


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
