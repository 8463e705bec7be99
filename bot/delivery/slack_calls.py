"""The relay's calls to Slack. Each is made outside of any transaction and returns a result."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import results, slack_tasks
from bot.delivery.deliveries import EVENT_TYPE, Delivery, LookUp, Post, Publish, Redraw, Task
from bot.delivery.results import Absent, Result, Sent, Undeliverable, Unsent

PAGE = 200
NO_THREAD = frozenset({"cannot_reply_to_message", "thread_not_found", "message_not_found"})
"""A refusal: nothing was posted, so that it can be said elsewhere at once."""
MARGIN = timedelta(hours=25)
"""How far our clock may be wrong about when a post was first tried."""


async def call(client: AsyncWebClient, delivery: Delivery, seconds: float) -> Result:
    """Do what the delivery asks, within so many seconds."""
    if isinstance(delivery, LookUp):
        return await _look_up(client, delivery, seconds)
    return await _within(seconds, lambda: _deliver(client, delivery))


async def _within(seconds: float, attempt: Callable[[], Awaitable[Result]]) -> Result:
    try:
        async with asyncio.timeout(seconds):
            return await attempt()
    except Exception as failure:  # noqa: BLE001 - whatever went wrong, the row must get a verdict and the lane its freedom
        return results.of_failure(failure)


async def _deliver(client: AsyncWebClient, delivery: Delivery) -> Result:
    if isinstance(delivery, Post):
        return await _post(client, delivery)
    if isinstance(delivery, Redraw):
        message = delivery.message
        await client.chat_update(channel=delivery.channel, ts=delivery.ts, text=message.text, blocks=message.blocks)
        return Sent(channel=delivery.channel, ts=delivery.ts)
    if isinstance(delivery, Publish):
        await _publish(client, delivery)
        return Sent()
    if isinstance(delivery, Task):
        return await slack_tasks.take(client, delivery)
    raise TypeError(f"no call is known for {type(delivery).__name__}")


async def _publish(client: AsyncWebClient, delivery: Publish) -> None:
    """A picture that somebody deleted must not take the whole tab with it."""
    try:
        await client.views_publish(user_id=delivery.person, view=delivery.home.view)
    except SlackApiError as failure:
        if not results.is_about_a_picture(failure):
            raise
        kept = [block for block in delivery.home.view["blocks"] if "slack_file" not in block]
        await client.views_publish(user_id=delivery.person, view={**delivery.home.view, "blocks": kept})


async def _post(client: AsyncWebClient, delivery: Post) -> Result:
    """What cannot hang from its message any more, since somebody deleted that, is said in the channel itself."""
    try:
        return await _say(client, delivery, delivery.message.thread_ts)
    except SlackApiError as failure:
        if delivery.message.thread_ts is None or failure.response.get("error") not in NO_THREAD:
            raise
        return await _say(client, delivery, None)


async def _say(client: AsyncWebClient, delivery: Post, thread_ts: str | None) -> Result:
    answer = await client.chat_postMessage(
        channel=delivery.channel,
        text=delivery.message.text,
        blocks=delivery.message.blocks,
        thread_ts=thread_ts,
        reply_broadcast=(delivery.message.broadcast and thread_ts is not None) or None,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"mark": delivery.row.mark}},
        unfurl_links=False,
        unfurl_media=False,
    )
    return Sent(channel=answer["channel"], ts=answer["ts"])


async def _look_up(client: AsyncWebClient, delivery: LookUp, seconds: float) -> Result:
    """Found, absent, or why the history cannot be read: then the operator must see to it."""
    verdict = await _within(seconds, lambda: _find(client, delivery))
    if isinstance(verdict, Sent | Absent | results.Limited):
        return verdict
    if isinstance(verdict, Unsent):
        return Unsent(verdict.error)
    return Undeliverable(f"nobody can tell whether message {delivery.row.id} arrived: {verdict.error}")


async def _find(client: AsyncWebClient, delivery: LookUp) -> Result:
    channel = await _channel(client, delivery.channel)
    cursor = None
    while True:
        page = await _page(client, channel, delivery, cursor)
        for message in page["messages"]:
            if _mark(message) == delivery.row.mark:
                return Sent(channel=channel, ts=message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Absent()


async def _page(client: AsyncWebClient, channel: str, delivery: LookUp, cursor: str | None) -> Any:
    wanted: dict[str, Any] = {
        "channel": channel,
        "oldest": _oldest(delivery),
        "limit": PAGE,
        "include_all_metadata": True,
        "cursor": cursor,
    }
    if delivery.thread_ts is None:
        return await client.conversations_history(**wanted)
    return await client.conversations_replies(**wanted, ts=delivery.thread_ts)


async def _channel(client: AsyncWebClient, channel: str) -> str:
    """A direct message is posted to a person's id, but read by the id of its own channel."""
    if not channel.startswith(("U", "W")):
        return channel
    return str((await client.conversations_open(users=channel))["channel"]["id"])


def _oldest(delivery: LookUp) -> str:
    """The lane's last known message bounds the search by Slack's clock, and our clock bounds it where there is none."""
    ours = f"{(delivery.since - MARGIN).timestamp():.6f}"
    return max(ours, delivery.after_ts or ours, key=float)


def _mark(message: dict[str, Any]) -> str | None:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    mark = payload.get("mark")
    return str(mark) if mark is not None else None
