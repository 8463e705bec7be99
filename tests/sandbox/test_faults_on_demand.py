"""What a network and a busy Slack do to a caller."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from workbench import refused

from bot.sandbox import Channel, Workspace


@pytest.fixture
async def desk(slack: Workspace, client: AsyncWebClient) -> Channel:
    await client.conversations_join(channel=slack.channel("service-desk").id)
    return slack.channel("service-desk")


def posted(desk: Channel) -> list[str]:
    return [message.text for message in desk.messages if message.bot_id]


async def test_a_rate_limit_on_demand(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    slack.faults.add("chat.postMessage", status=429, retry_after=30, times=1)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=desk.id, text="x")
    response = caught.value.response
    assert (response.status_code, response.headers["Retry-After"], response["error"]) == (429, "30", "ratelimited")
    await client.chat_postMessage(channel=desk.id, text="y")
    assert posted(desk) == ["y"]


@pytest.mark.parametrize("accept", [False, True])
async def test_a_server_error_may_hide_that_it_was_done(
    slack: Workspace, client: AsyncWebClient, desk: Channel, accept: bool
) -> None:
    slack.faults.add("chat.postMessage", status=500, accept=accept)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=desk.id, text="x")
    assert caught.value.response.status_code == 500
    assert posted(desk) == (["x"] if accept else [])
    assert slack.calls[-1].lost is accept


@pytest.mark.parametrize("accept", [False, True])
async def test_a_dropped_connection_may_hide_it_too(
    slack: Workspace, client: AsyncWebClient, desk: Channel, accept: bool
) -> None:
    slack.faults.add("chat.postMessage", drop=True, accept=accept)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=desk.id, text="x")
    assert posted(desk) == (["x"] if accept else [])
    await client.chat_postMessage(channel=desk.id, text="y")


async def test_a_chosen_refusal(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    slack.faults.add("chat.postMessage", error="restricted_action", times=2)
    for _ in range(2):
        assert (await refused(client.chat_postMessage(channel=desk.id, text="x")))["error"] == "restricted_action"
    await client.chat_postMessage(channel=desk.id, text="x")
    assert posted(desk) == ["x"]


async def test_a_slow_answer(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    slack.faults.add("chat.postMessage", delay=0.05)
    began = time.monotonic()
    await client.chat_postMessage(channel=desk.id, text="x")
    assert time.monotonic() - began >= 0.05
    assert posted(desk) == ["x"]


async def test_a_caller_that_gives_up_does_not_undo_the_post(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    slack.faults.add("chat.postMessage", delay=0.1, accept=True, times=None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_postMessage(channel=desk.id, text="x"), 0.05)
    assert posted(desk) == ["x"]


async def test_a_fault_may_be_meant_for_some_calls_only(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    slack.faults.add(error="internal_error", match=lambda args: args.get("text") == "bad", times=None)
    await client.chat_postMessage(channel=desk.id, text="good")
    assert (await refused(client.chat_postMessage(channel=desk.id, text="bad")))["error"] == "internal_error"
    slack.faults.clear()
    await client.chat_postMessage(channel=desk.id, text="bad")
