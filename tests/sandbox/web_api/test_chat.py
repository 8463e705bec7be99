"""What the app says, and what Slack does not let it say."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workbench import buttons, client_of, manifest, refused

from bot.sandbox import Channel, Person, Server, Workspace

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*INC-1* VPN"}}


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


@pytest.fixture
async def desk(slack: Workspace, client: AsyncWebClient) -> Channel:
    """#service-desk, with the app in it."""
    place = slack.channel("service-desk")
    await client.conversations_join(channel=place.id)
    return place


async def test_a_post_is_seen_by_its_readers(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    answer = await client.chat_postMessage(channel=desk.id, text="INC-1 is open", blocks=[SECTION, buttons("Close")])
    seen = agent.messages("service-desk")[-1]
    assert (seen.text, seen.notification, seen.buttons) == ("INC-1 VPN", "INC-1 is open", ["Close"])
    assert (answer["ts"], answer["channel"]) == (seen.ts, desk.id)
    assert (answer["message"]["bot_id"], answer["message"]["app_id"]) == ("B0000000001", "A0000000001")


async def test_timestamps_only_grow(client: AsyncWebClient, desk: Channel) -> None:
    stamps = [(await client.chat_postMessage(channel=desk.id, text="now"))["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))
    assert stamps[0].startswith("1772442000.")


async def test_a_person_is_written_to_by_id(agent: Person, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel=agent.id, text="hello")
    assert answer["channel"].startswith("D")
    assert [message.text for message in agent.messages("DM")] == ["hello"]


async def test_a_deactivated_person_is_not_found(slack: Workspace, agent: Person, client: AsyncWebClient) -> None:
    slack.change_person("agent", deleted=True)
    assert (await refused(client.chat_postMessage(channel=agent.id, text="hello")))["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": "v" * 9000}}}, "metadata_too_large"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
    ],
)
async def test_a_bad_message_is_refused(client: AsyncWebClient, desk: Channel, said: Any, code: str) -> None:
    answer = await refused(client.api_call("chat.postMessage", json={"channel": desk.id, **said}))
    assert answer["error"] == code
    assert not any(message.bot_id for message in desk.messages)


async def test_blocks_may_not_carry_more_text_than_slack_takes(client: AsyncWebClient, desk: Channel) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    assert (await client.chat_postMessage(channel=desk.id, text="long", blocks=[long] * 4))["ok"]
    answer = await refused(client.chat_postMessage(channel=desk.id, text="longer", blocks=[long] * 5))
    assert answer["error"] == "msg_blocks_too_long"


async def test_invalid_blocks_say_where(client: AsyncWebClient, desk: Channel) -> None:
    answer = await refused(client.chat_postMessage(channel=desk.id, text="x", blocks=[SECTION, {"type": "header"}]))
    assert any("/blocks/1" in message for message in answer["response_metadata"]["messages"])


async def test_only_members_may_post(slack: Workspace, client: AsyncWebClient) -> None:
    place = slack.channel("service-desk")
    assert (await refused(client.chat_postMessage(channel=place.id, text="x")))["error"] == "not_in_channel"


async def test_a_private_channel_without_the_app_is_not_found(slack: Workspace, client: AsyncWebClient) -> None:
    hidden = slack.add_channel("cab", is_private=True, members=["agent"])
    assert (await refused(client.chat_postMessage(channel=hidden.id, text="x")))["error"] == "channel_not_found"


async def test_an_archived_channel_takes_nothing(client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="x"))["ts"]
    await client.conversations_archive(channel=desk.id)
    assert (await refused(client.chat_postMessage(channel=desk.id, text="x")))["error"] == "is_archived"
    assert (await refused(client.chat_update(channel=desk.id, ts=ts, text="y")))["error"] == "is_inactive"


async def test_no_messages_tab_no_direct_messages(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(messages_tab_enabled=False))
    async with Server(slack) as server:
        answer = await refused(client_of(slack, server).chat_postMessage(channel=slack.person("agent").id, text="x"))
    assert answer["error"] == "messages_tab_disabled"


async def test_another_name_needs_its_scope(client: AsyncWebClient, desk: Channel) -> None:
    answer = await refused(client.chat_postMessage(channel=desk.id, text="x", username="Somebody"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


async def test_metadata_comes_back_to_whoever_asks(client: AsyncWebClient, desk: Channel) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": "7"}}
    await client.chat_postMessage(channel=desk.id, text="x", metadata=metadata)
    bare = await client.conversations_history(channel=desk.id, limit=1)
    full = await client.conversations_history(channel=desk.id, limit=1, include_all_metadata=True)
    assert "metadata" not in bare["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_an_update_redraws_in_place(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="open", blocks=[SECTION, buttons("Close")]))["ts"]
    await client.chat_update(channel=desk.id, ts=ts, text="closed", blocks=[SECTION])
    seen = agent.messages("service-desk")[-1]
    assert (seen.ts, seen.buttons, seen.notification, seen.edited) == (ts, [], "closed", True)


async def test_an_update_keeps_what_it_leaves_out(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="open", blocks=[SECTION]))["ts"]
    await client.chat_update(channel=desk.id, ts=ts, text="closed")
    assert agent.messages("service-desk")[-1].text == "INC-1 VPN"
    await client.chat_update(channel=desk.id, ts=ts, blocks=[], text="closed")
    assert agent.messages("service-desk")[-1].text == "closed"


async def test_an_update_takes_less_text(client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="open"))["ts"]
    assert (await refused(client.chat_update(channel=desk.id, ts=ts, text="x" * 4001)))["error"] == "msg_too_long"


async def test_the_words_of_others_cannot_be_changed(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    said = await agent.says("mine", channel="service-desk")
    assert (await refused(client.chat_update(channel=desk.id, ts=said.ts, text="x")))["error"] == "cant_update_message"
    assert (await refused(client.chat_delete(channel=desk.id, ts=said.ts)))["error"] == "cant_delete_message"
    missing = await refused(client.chat_update(channel=desk.id, ts="1.000001", text="x"))
    assert missing["error"] == "message_not_found"


async def test_a_deleted_message_is_gone(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="oops"))["ts"]
    await client.chat_delete(channel=desk.id, ts=ts)
    assert "oops" not in [message.text for message in agent.messages("service-desk")]
    assert (await refused(client.chat_delete(channel=desk.id, ts=ts)))["error"] == "message_not_found"


async def test_an_ephemeral_is_for_one_pair_of_eyes(
    slack: Workspace, agent: Person, client: AsyncWebClient, desk: Channel
) -> None:
    await slack.person("requester").join("service-desk")
    await client.chat_postEphemeral(channel=desk.id, user=agent.id, text="only you")
    assert agent.notes() == ["only you"]
    assert slack.person("requester").notes() == []
    history = await client.conversations_history(channel=desk.id)
    assert "only you" not in [message["text"] for message in history["messages"]]


async def test_an_ephemeral_needs_its_reader_there(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    stranger = slack.person("requester").id
    answer = await refused(client.chat_postEphemeral(channel=desk.id, user=stranger, text="x"))
    assert answer["error"] == "user_not_in_channel"


async def test_a_permalink_names_channel_and_message(client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="x"))["ts"]
    link = (await client.chat_getPermalink(channel=desk.id, message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/{desk.id}/p{ts.replace('.', '')}")


async def test_replies_make_a_thread(agent: Person, client: AsyncWebClient, desk: Channel) -> None:
    parent = (await client.chat_postMessage(channel=desk.id, text="parent"))["ts"]
    reply = (await client.chat_postMessage(channel=desk.id, text="reply", thread_ts=parent))["ts"]
    thread = await client.conversations_replies(channel=desk.id, ts=parent)
    assert [message["text"] for message in thread["messages"]] == ["parent", "reply"]
    assert (thread["messages"][0]["reply_count"], thread["messages"][0]["latest_reply"]) == (1, reply)
    history = await client.conversations_history(channel=desk.id)
    assert "reply" not in [message["text"] for message in history["messages"]]
    assert [m.text for m in agent.messages("service-desk")[-2].thread] == ["reply"]
    nested = await refused(client.chat_postMessage(channel=desk.id, text="x", thread_ts=reply))
    assert nested["error"] == "cannot_reply_to_message"


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("<!channel> look", ["channel"]),
        ("<!here|here> and <!everyone>", ["here", "everyone"]),
        ("<!subteam^S0000000001>", ["subteam"]),
        ("&lt;!channel&gt; @channel", []),
    ],
)
async def test_who_is_rung_is_on_record(
    slack: Workspace, client: AsyncWebClient, desk: Channel, text: str, rung: list[str]
) -> None:
    await client.chat_postMessage(channel=desk.id, text=text)
    assert [ring.what for ring in slack.rings] == rung


async def test_blocks_ring_in_mrkdwn_only(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    silent = {"type": "section", "text": {"type": "plain_text", "text": "<!here>"}}
    await client.chat_postMessage(channel=desk.id, text="x", blocks=[silent])
    assert slack.rings == []
    loud = {"type": "section", "text": {"type": "mrkdwn", "text": "<!here>"}}
    await client.chat_postMessage(channel=desk.id, text="x", blocks=[loud])
    assert [(ring.what, ring.channel) for ring in slack.rings] == [("here", desk.id)]


async def test_bare_names_ring_when_they_are_linked(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    await client.chat_postMessage(channel=desk.id, text="@here", link_names=True)
    assert [ring.what for ring in slack.rings] == ["here"]
