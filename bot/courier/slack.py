"""The courier's calls to Slack. Each is made outside of any transaction and ends in a verdict."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import steps, verdicts
from bot.courier.parcels import EVENT_TYPE, LookUp, Parcel, Post, Publish, Redraw, Task
from bot.courier.verdicts import Absent, Sent, Undeliverable, Unsent, Verdict

PAGE = 200
MARGIN = timedelta(hours=25)
"""How far our clock may be wrong about when a post was first tried."""


async def call(client: AsyncWebClient, parcel: Parcel, seconds: float) -> Verdict:
    """Do what the parcel asks, within so many seconds."""
    if isinstance(parcel, LookUp):
        return await _look_up(client, parcel, seconds)
    return await _within(seconds, lambda: _deliver(client, parcel))


async def _within(seconds: float, attempt: Callable[[], Awaitable[Verdict]]) -> Verdict:
    try:
        async with asyncio.timeout(seconds):
            return await attempt()
    except Exception as failure:  # noqa: BLE001 - whatever went wrong, the row must get a verdict and the lane its freedom
        return verdicts.of_failure(failure)


async def _deliver(client: AsyncWebClient, parcel: Parcel) -> Verdict:
    if isinstance(parcel, Post):
        return await _post(client, parcel)
    if isinstance(parcel, Redraw):
        message = parcel.message
        await client.chat_update(channel=parcel.channel, ts=parcel.ts, text=message.text, blocks=message.blocks)
        return Sent(channel=parcel.channel, ts=parcel.ts)
    if isinstance(parcel, Publish):
        await _publish(client, parcel)
        return Sent()
    if isinstance(parcel, Task):
        return await steps.take(client, parcel)
    raise TypeError(f"no call is known for {type(parcel).__name__}")


async def _publish(client: AsyncWebClient, parcel: Publish) -> None:
    """A picture that somebody deleted must not take the whole tab with it."""
    try:
        await client.views_publish(user_id=parcel.person, view=parcel.home.view)
    except SlackApiError as failure:
        if not verdicts.is_about_a_picture(failure):
            raise
        kept = [block for block in parcel.home.view["blocks"] if "slack_file" not in block]
        await client.views_publish(user_id=parcel.person, view={**parcel.home.view, "blocks": kept})


async def _post(client: AsyncWebClient, parcel: Post) -> Verdict:
    answer = await client.chat_postMessage(
        channel=parcel.channel,
        text=parcel.message.text,
        blocks=parcel.message.blocks,
        thread_ts=parcel.message.thread_ts,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"mark": parcel.row.mark}},
        unfurl_links=False,
        unfurl_media=False,
    )
    return Sent(channel=answer["channel"], ts=answer["ts"])


async def _look_up(client: AsyncWebClient, parcel: LookUp, seconds: float) -> Verdict:
    """Found, absent, or why the history cannot be read: then the operator must see to it."""
    verdict = await _within(seconds, lambda: _find(client, parcel))
    if isinstance(verdict, Sent | Absent | verdicts.Limited):
        return verdict
    if isinstance(verdict, Unsent):
        return Unsent(verdict.error)
    return Undeliverable(f"nobody can tell whether message {parcel.row.id} arrived: {verdict.error}")


async def _find(client: AsyncWebClient, parcel: LookUp) -> Verdict:
    channel = await _channel(client, parcel.channel)
    cursor = None
    while True:
        page = await _page(client, channel, parcel, cursor)
        for message in page["messages"]:
            if _mark(message) == parcel.row.mark:
                return Sent(channel=channel, ts=message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Absent()


async def _page(client: AsyncWebClient, channel: str, parcel: LookUp, cursor: str | None) -> Any:
    wanted: dict[str, Any] = {
        "channel": channel,
        "oldest": _oldest(parcel),
        "limit": PAGE,
        "include_all_metadata": True,
        "cursor": cursor,
    }
    if parcel.thread_ts is None:
        return await client.conversations_history(**wanted)
    return await client.conversations_replies(**wanted, ts=parcel.thread_ts)


async def _channel(client: AsyncWebClient, channel: str) -> str:
    """A direct message is posted to a person's id, but read by the id of its own channel."""
    if not channel.startswith(("U", "W")):
        return channel
    return str((await client.conversations_open(users=channel))["channel"]["id"])


def _oldest(parcel: LookUp) -> str:
    """The lane's last known message bounds the search by Slack's clock, and our clock bounds it where there is none."""
    ours = f"{(parcel.since - MARGIN).timestamp():.6f}"
    return max(ours, parcel.after_ts or ours, key=float)


def _mark(message: dict[str, Any]) -> str | None:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    mark = payload.get("mark")
    return str(mark) if mark is not None else None
