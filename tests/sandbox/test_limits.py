"""How often an app may call, on the workspace's clock."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Channel, Workspace


@pytest.fixture
async def desk(slack: Workspace, client: AsyncWebClient) -> Channel:
    await client.conversations_join(channel=slack.channel("service-desk").id)
    return slack.channel("service-desk")


async def limited(call: object) -> int:
    """Retry-After of a call that must be too much."""
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    return int(caught.value.response.headers["Retry-After"])


async def test_a_channel_takes_a_message_a_second_after_a_small_burst(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    for text in "abc":
        await client.chat_postMessage(channel=desk.id, text=text)
    assert await limited(client.chat_postMessage(channel=desk.id, text="d")) == 1
    slack.clock.forward(seconds=1)
    await client.chat_postMessage(channel=desk.id, text="d")
    assert await limited(client.chat_postMessage(channel=desk.id, text="e")) == 1


async def test_one_full_channel_does_not_hold_up_another(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    for text in "abc":
        await client.chat_postMessage(channel=desk.id, text=text)
    await limited(client.chat_postMessage(channel=desk.id, text="d"))
    await client.chat_postMessage(channel=slack.person("agent").id, text="d")


@pytest.mark.parametrize(("method", "a_minute"), [("users.list", 20), ("conversations.info", 50), ("users.info", 100)])
async def test_each_tier_has_its_calls_a_minute(
    slack: Workspace, client: AsyncWebClient, method: str, a_minute: int
) -> None:
    args = {"channel": slack.general.id} if "info" in method and "conv" in method else {}
    args |= {"user": slack.bot_user.id} if method == "users.info" else {}
    for _ in range(a_minute):
        await client.api_call(method, params=args)
    assert await limited(client.api_call(method, params=args)) == -(-60 // a_minute)
    slack.clock.forward(minutes=1)
    await client.api_call(method, params=args)


async def test_the_workspace_as_a_whole_takes_several_hundred_messages_a_minute(slack: Workspace) -> None:
    refused = [slack.limits.post(f"C{number}") for number in range(301)]
    assert refused[:300] == [None] * 300
    assert refused[300] == 1


async def test_limits_can_be_switched_off_for_a_load_test(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    slack.limits.enabled = False
    for number in range(30):
        await client.chat_postMessage(channel=desk.id, text=str(number))
    assert sum(message.bot_id is not None for message in desk.messages) == 30
