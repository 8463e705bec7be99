"""Finding, reading, making and changing channels."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workbench import refused

from bot.sandbox import Workspace


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("general", "name_taken"),
        ("", "invalid_arguments"),
        (" ", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("-_-", "invalid_name_punctuation"),
        ("Change", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("v1.2", "invalid_name_specials"),
    ],
)
async def test_a_bad_name_is_refused(client: AsyncWebClient, name: str, code: str) -> None:
    assert (await refused(client.conversations_create(name=name)))["error"] == code


async def test_a_new_channel_has_its_creator_in_it(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="changes_2-büro"))["channel"]
    assert (channel["is_member"], channel["creator"], channel["is_private"]) == (True, slack.bot_user.id, False)
    assert (await client.conversations_members(channel=channel["id"]))["members"] == [slack.bot_user.id]


async def test_private_channels_show_only_where_the_app_is(slack: Workspace, client: AsyncWebClient) -> None:
    slack.add_channel("hidden", is_private=True, members=["agent"])
    await client.conversations_create(name="ours", is_private=True)
    listed = await client.conversations_list(types="private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["ours"]
    assert (await refused(client.conversations_list(types="secret")))["error"] == "invalid_types"


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.conversations_create(name=f"room-{number}")
    names, cursor = [], ""
    while True:
        page = await client.conversations_list(limit=2, cursor=cursor)
        assert len(page["channels"]) <= 2
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["general", "service-desk", *(f"room-{n}" for n in range(5))]
    assert (await refused(client.conversations_list(cursor="nonsense")))["error"] == "invalid_cursor"
    assert (await refused(client.conversations_list(limit=1001)))["error"] == "invalid_limit"


async def test_archived_channels_can_be_left_out(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="old"))["channel"]["id"]
    await client.conversations_archive(channel=channel)
    named = [c["name"] for c in (await client.conversations_list(exclude_archived=True))["channels"]]
    assert "old" not in named
    assert (await refused(client.conversations_archive(channel=channel)))["error"] == "already_archived"
    assert (await refused(client.conversations_join(channel=channel)))["error"] == "is_archived"
    await client.conversations_unarchive(channel=channel)
    assert (await refused(client.conversations_unarchive(channel=channel)))["error"] == "not_archived"


async def test_joining_twice_is_a_warning(slack: Workspace, client: AsyncWebClient) -> None:
    place = slack.channel("service-desk")
    assert "warning" not in (await client.conversations_join(channel=place.id)).data
    assert (await client.conversations_join(channel=place.id))["warning"] == "already_in_channel"
    assert place.members.count(slack.bot_user.id) == 1


async def test_history_is_for_members(slack: Workspace, client: AsyncWebClient) -> None:
    place = slack.channel("service-desk")
    assert (await refused(client.conversations_history(channel=place.id)))["error"] == "not_in_channel"
    assert (await client.conversations_info(channel=place.id))["channel"]["is_member"] is False
    assert (await refused(client.conversations_info(channel="C404")))["error"] == "channel_not_found"


async def test_history_is_bounded_and_newest_first(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="log"))["channel"]["id"]
    stamps = []
    for text in ("one", "two", "three"):
        slack.clock.forward(seconds=10)
        stamps.append((await client.chat_postMessage(channel=channel, text=text))["ts"])

    async def told(**bounds: object) -> list[str]:
        answer = await client.conversations_history(channel=channel, **bounds)  # type: ignore[arg-type]
        return [message["text"] for message in answer["messages"]]

    assert await told() == ["three", "two", "one"]
    assert await told(oldest=stamps[0]) == ["three", "two"]
    assert await told(oldest=stamps[0], latest=stamps[1], inclusive=True) == ["two", "one"]
    assert await told(limit=1) == ["three"]
    assert (await refused(client.conversations_history(channel=channel, oldest="x")))["error"] == "invalid_ts_oldest"


async def test_people_are_invited_and_shown_out(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="room"))["channel"]["id"]
    agent, requester = slack.person("agent").id, slack.person("requester").id
    await client.conversations_invite(channel=channel, users=[agent])
    again = await refused(client.conversations_invite(channel=channel, users=[agent, requester]))
    assert (again["error"], again["errors"][0]["user"]) == ("already_in_channel", agent)
    assert requester not in slack.channel("room").members, "one bad name stops the whole invitation"
    await client.conversations_invite(channel=channel, users=[agent, requester], force=True)
    assert requester in slack.channel("room").members
    await client.conversations_kick(channel=channel, user=agent)
    assert agent not in slack.channel("room").members
    assert (await refused(client.conversations_kick(channel=channel, user=agent)))["error"] == "not_in_channel"
    await refused(client.conversations_invite(channel=channel, users=["U404"]))


async def test_general_cannot_be_left_or_archived(slack: Workspace, client: AsyncWebClient) -> None:
    general = slack.general.id
    await client.conversations_join(channel=general)
    assert (await refused(client.conversations_leave(channel=general)))["error"] == "cant_leave_general"
    assert (await refused(client.conversations_archive(channel=general)))["error"] == "cant_archive_general"


async def test_a_channel_is_renamed_by_whoever_made_it(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="room"))["channel"]["id"]
    assert (await client.conversations_rename(channel=channel, name="hall"))["channel"]["name"] == "hall"
    assert (await refused(client.conversations_rename(channel=channel, name="general")))["error"] == "name_taken"
    desk = slack.channel("service-desk").id
    await client.conversations_join(channel=desk)
    assert (await refused(client.conversations_rename(channel=desk, name="x")))["error"] == "not_authorized"


async def test_topic_and_purpose_are_short(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="room"))["channel"]["id"]
    await client.conversations_setTopic(channel=channel, topic="P1 open")
    await client.conversations_setPurpose(channel=channel, purpose="Incidents")
    info = (await client.conversations_info(channel=channel, include_num_members=True))["channel"]
    assert (info["topic"]["value"], info["purpose"]["value"], info["num_members"]) == ("P1 open", "Incidents", 1)
    assert (await refused(client.conversations_setTopic(channel=channel, topic="x" * 251)))["error"] == "too_long"


async def test_a_direct_message_is_opened_once(slack: Workspace, client: AsyncWebClient) -> None:
    agent = slack.person("agent").id
    first = await client.conversations_open(users=[agent], return_im=True)
    assert (first["channel"]["user"], first["channel"]["is_im"]) == (agent, True)
    again = await client.conversations_open(users=agent)
    assert (again["channel"]["id"], again["already_open"]) == (first["channel"]["id"], True)
    assert (await refused(client.conversations_open(users=["U404"])))["error"] == "user_not_found"
    slack.change_person("requester", deleted=True)
    answer = await refused(client.conversations_open(users=slack.person("requester").id))
    assert answer["error"] == "user_disabled"


async def test_a_thread_that_is_not_there_is_not_found(slack: Workspace, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="room"))["channel"]["id"]
    assert (await refused(client.conversations_replies(channel=channel, ts="1.000001")))["error"] == "thread_not_found"
