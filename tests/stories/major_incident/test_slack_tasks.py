"""A major incident's channel while Slack is busy, forbids things or is mended: it is said, and the incident goes on."""

import pytest
from cast import Desk

from bot.sandbox import membership

NAME = "inc-1-vpn-is-down"
STEPS = ["conversations.create", "conversations.invite", "conversations.setTopic", "bookmarks.add"]


async def declares(desk: Desk) -> None:
    await desk.agent.runs("/incident major INC-1")


async def whole(desk: Desk, name: str = NAME) -> None:
    """The channel as it should be, once all that waits has been tried again."""
    for _ in range(3):
        await desk.settles()
        desk.clock.forward(seconds=45)
    channel = desk.slack.channel(name)
    assert {desk.requester.id, desk.agent.id} <= set(channel.members)
    assert "VPN is down" in channel.topic["value"]
    assert [one["title"] for one in channel.bookmarks] == ["INC-1 card", "Major incidents"]
    assert await desk.channel(name).count("Incident commander", "nobody yet") == 1
    assert len([p for p in desk.slack.channels.values() if (p.name or "").startswith("inc-")]) == 1


@pytest.mark.parametrize("method", STEPS)
@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 40}, {"drop": True, "accept": True}, {"status": 500, "accept": False}],
    ids=["429", "answer lost", "not taken"],
)
async def test_whatever_step_fails_its_part_appears_when_slack_lets_it(
    desk_on_sqlite: Desk, method: str, fault: dict[str, int]
) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.slack.faults.add(method, **fault)
    await declares(desk)
    await whole(desk)


async def test_a_channel_that_slack_forbids_is_said_and_made_when_it_is_allowed(desk: Desk) -> None:
    await desk.reports()
    fault = desk.slack.faults.add("conversations.create", error="restricted_action", times=None)
    await declares(desk)
    await desk.channel("major-incidents").hears("INC-1", "may not make a channel", "restricted_action", "keeps trying")
    await desk.agent.runs("/incident role INC-1 commander @agent")
    await desk.agent.runs("/incident status INC-1")
    assert await desk.agent.submits({"Update": "We are on it"}) == {}
    await desk.channel("major-incidents").hears("INC-1", "We are on it")
    desk.clock.forward(minutes=16)
    assert await desk.channel("major-incidents").count("may not make a channel") == 1, "it is said once"
    fault.times = 0
    desk.clock.forward(minutes=16)
    await desk.channel(NAME).hears("Incident commander\n@agent")
    await desk.channel(NAME).hears("We are on it")


async def test_what_is_over_needs_no_channel_any_more(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    fault = desk.slack.faults.add("conversations.create", error="restricted_action", times=None)
    await declares(desk)
    await desk.settles()
    await desk.agent.runs("/incident status INC-1")
    assert await desk.agent.submits({"Status": "Resolved", "Update": "It is back"}) == {}
    await desk.channel("major-incidents").hears("INC-1", "It is back")
    fault.times = 0
    desk.clock.forward(hours=1)
    await desk.settles()
    assert desk.slack.channel_named(NAME) is None


async def test_a_taken_name_gets_a_number(desk: Desk) -> None:
    await desk.reports()
    desk.slack.add_channel(NAME)
    await declares(desk)
    await desk.channel("major-incidents").hears("INC-1", f"#{NAME}-2")
    await desk.channel(f"{NAME}-2").hears("Incident commander")


async def test_one_who_cannot_be_invited_is_named_and_keeps_nobody_out(desk: Desk) -> None:
    await desk.reports()
    desk.slack.faults.add(
        "conversations.invite",
        error="user_is_restricted",
        times=None,
        match=lambda args: desk.requester.id in str(args["users"]),
    )
    await declares(desk)
    await desk.channel("major-incidents").hears("@requester could not be invited", "user_is_restricted")
    members = desk.slack.channel(NAME).members
    assert desk.agent.id in members
    assert desk.requester.id not in members


async def test_an_archived_channel_is_said_and_what_was_held_back_appears_when_it_is_opened(desk: Desk) -> None:
    await desk.reports()
    await declares(desk)
    await desk.settles()
    channel = desk.slack.channel(NAME)
    membership.archive(desk.slack, channel, desk.agent.id)
    await desk.channel("major-incidents").hears("INC-1", "is archived", "Unarchive it")
    await desk.agent.runs("/incident status INC-1")
    assert await desk.agent.submits({"Update": "Nearly there"}) == {}
    await desk.channel("major-incidents").hears("Nearly there")
    assert "Nearly there" not in str([m.text for m in desk.agent.messages(NAME)])
    membership.unarchive(desk.slack, channel, desk.agent.id)
    await desk.channel(NAME).hears("Nearly there")


async def test_any_summary_makes_a_channel(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("خادم البريد معطل 🕰️")
    await declares(desk)
    await desk.channel("inc-1").hears("خادم البريد معطل")
    await desk.reports("Zürich: <!channel> Störung in Köln & 東京 " + "x" * 90)
    await desk.agent.runs("/incident major INC-2")
    await desk.channel("inc-2-zurich-channel-storung-in-koln").hears("INC-2")
