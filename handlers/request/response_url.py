"""Answering where something was typed, once the form that it opened was sent.

The address travels unseen with each modal that a command or its answer opens, behind what the modal keeps.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks import slack_json
from handlers.blocks.kit import Message, View
from handlers.request.request_filter import homes

log = logging.getLogger(__name__)

OK = 200
_JSON = {"Content-Type": "application/json;charset=utf-8"}
SECONDS = 2
"""The form waits for it: Slack gives three for all."""
KEPT_MOST = 3000
"""Characters that a modal keeps unseen."""
_BEHIND = "\nanswer "
"""Stands in nothing that forms keep: references and JSON have no line breaks."""


def of(body: dict[str, Any]) -> str:
    """Where who sent this can be answered: they typed a command, or pressed what only they see; empty for all else.

    A modal's is taken off it, so that listeners meet what they keep alone.
    """
    view = body.get("view")
    if isinstance(view, dict):
        view["private_metadata"], _, url = str(view.get("private_metadata") or "").partition(_BEHIND)
        return url
    alone = "command" in body or (body.get("container") or {}).get("is_ephemeral")
    return str(body.get("response_url") or "") if alone else ""


def carried(view: View, url: str) -> View:
    """The modal with that address, where it has room for it."""
    kept = f"{view.get('private_metadata', '')}{_BEHIND}{url}"
    return {**view, "private_metadata": kept} if url and len(kept) <= KEPT_MOST else view


async def say(url: str, client: AsyncWebClient, message: Mapping[str, Any] | Message) -> None:
    """For the eyes of who typed it. That an answer is not possible there changes nothing of what was done."""
    try:
        await taken(url, client, message)
    except (aiohttp.ClientError, TimeoutError) as fault:
        log.warning("a form was not answered: %s", fault)


async def taken(url: str, client: AsyncWebClient, message: Mapping[str, Any] | Message) -> bool:
    """As `say`; whether Slack took it: a block that a workspace does not draw yet is refused.

    `url` came back out of a form: nothing is sent where it is not Slack's. The connection is one of the client's.
    """
    if isinstance(message, Message):
        message = {"text": message.text, "blocks": message.blocks}
    session = client.session
    if session and not session.closed and url and url.startswith(homes(client.base_url)):
        sent = slack_json.written({**message, "response_type": "ephemeral", "replace_original": False})
        post = partial(session.post, url, data=sent, headers=_JSON, proxy=client.proxy, ssl=client.ssl or True)
        async with asyncio.timeout(SECONDS):
            try:
                return await _status(post) == OK
            except (aiohttp.ServerConnectionError, aiohttp.ClientOSError):
                return await _status(post) == OK  # As Slack's own client does, once.
    return False


async def _status(post: Callable[[], Any]) -> int:
    """Past Slack's own client, which is made anew for each answer and writes it with Python's JSON."""
    async with post() as answer:
        await answer.read()
        return int(answer.status)
