"""Steps in the workspace: each happens once and in order, whatever Slack and the network do meanwhile."""

from datetime import timedelta

import pytest
from delivery_fixture import NOON

from bot.rules.record.notices import Notice, NoticeKind
from bot.rules.record.slack_task_results import Standing
from handlers.blocks.kit import Message
from handlers.delivery.slack_tasks import Bookmark, Invite, OpenChannel, PostFile, ReadMessage, SetTopic
from storage.delivery import lanes
from storage.workspace import channels

LANE, ABOUT = "#INC-1", "INC-1"
NAMES = ("inc-1-vpn-is-down", "inc-1-vpn-is-down-2", "inc-1-vpn-is-down-3")
LOST = [
    pytest.param({"status": 500, "accept": False}, id="5xx before acceptance"),
    pytest.param({"status": 503, "accept": True}, id="5xx after acceptance"),
    pytest.param({"drop": True, "accept": False}, id="dropped before acceptance"),
    pytest.param({"drop": True, "accept": True}, id="dropped after acceptance"),
    pytest.param({"status": 429, "retry_after": 30}, id="429"),
]
SETUP = {
    "conversations.create": NoticeKind.MAJOR_CHANNEL,
    "conversations.invite": NoticeKind.MAJOR_INVITATION,
    "conversations.setTopic": NoticeKind.MAJOR_TOPIC,
    "chat.postMessage": NoticeKind.INCIDENT_CARD,
    "bookmarks.add": NoticeKind.MAJOR_BOOKMARK,
    "files.completeUploadExternal": NoticeKind.MAJOR_EXPORT,
}


class House:
    """Draws the steps of one incident's channel, and hears what came of them."""

    def __init__(self, office):
        self.office, self.heard = office, []
        self.people = tuple(office.workspace.person(who).user.id for who in ("agent", "requester"))

    def relay(self, owner="one", **settings):
        return self.office.relay(owner, render=self.draw, report=self.hear, **settings)

    async def draw(self, tx, row):
        if row.kind == NoticeKind.MAJOR_CHANNEL:
            return OpenChannel(NAMES)
        if row.verb == "post":
            return Message("the card", [{"type": "section", "text": {"type": "plain_text", "text": "the card"}}])
        channel = await channels.channel_of(tx, ABOUT)
        return {
            NoticeKind.MAJOR_INVITATION: Invite(channel, self.people),
            NoticeKind.MAJOR_TOPIC: SetTopic(channel, "P1 · investigating"),
            NoticeKind.MAJOR_BOOKMARK: Bookmark(channel, "Card", ":card_index:", channel, self.card()),
            NoticeKind.MAJOR_EXPORT: PostFile(channel, "inc-1-1.md", "INC-1", "# INC-1\n", "The timeline"),
            NoticeKind.CAB_EXPORT: PostFile(channel, "cab-1.md", "CAB-1", "# CAB-1\n", "The minutes", self.card()),
            NoticeKind.MAJOR_PIN: ReadMessage(channel, str(row.about)),
        }[NoticeKind(row.kind)]

    async def hear(self, tx, row, outcome, _now):
        self.heard.append((row.kind, outcome.standing, outcome.error))
        if row.kind == NoticeKind.MAJOR_CHANNEL and outcome.standing is Standing.DONE:
            await channels.set(tx, ABOUT, outcome.found["channel"])
        self.found = outcome.found

    def card(self):
        said = [message for message in self.channel().messages if message.text == "the card"]
        return said[-1].ts if said else "1.0"

    def channel(self, name=NAMES[0]):
        return self.office.workspace.channel(name)

    async def asks(self, *kinds):
        await self.office.puts(*(Notice(kind, LANE, ABOUT) for kind in kinds or SETUP.values()))


@pytest.fixture
def house(office):
    office.workspace.add_person("requester")
    return House(office)


def assert_whole(house):
    """The channel as it should be, with nothing in it twice."""
    places = house.office.workspace.channels.values()
    made = [place.name for place in places if (place.name or "").startswith("inc-")]
    assert made == [NAMES[0]]
    channel = house.channel()
    assert set(house.people) <= set(channel.members)
    assert channel.topic["value"] == "P1 · investigating"
    assert [one["title"] for one in channel.bookmarks] == ["Card"]
    texts = [message.text for message in channel.messages]
    assert texts.count("the card") == 1
    assert sum(message.subtype == "file_share" for message in channel.messages) == 1
    assert sum("set the channel topic" in text for text in texts) == 1
    assert sum(message.subtype == "channel_join" for message in channel.messages) == len(house.people)


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("method", SETUP)
async def test_a_fault_at_any_step_leaves_the_channel_whole_in_the_end(house, method, fault):
    house.office.workspace.faults.add(method, **fault)
    await house.asks()
    await house.office.settles(house.relay())
    assert_whole(house)
    assert await house.office.all_sent()


@pytest.mark.parametrize("fault", LOST)
async def test_a_file_in_a_thread_is_looked_for_in_the_thread(house, fault):
    house.office.workspace.faults.add("files.completeUploadExternal", **fault)
    await house.asks(NoticeKind.MAJOR_CHANNEL, NoticeKind.INCIDENT_CARD, NoticeKind.CAB_EXPORT)
    await house.office.settles(house.relay())
    posted = [message.thread_ts for message in house.channel().messages if message.subtype == "file_share"]
    assert posted == [house.card()]


@pytest.mark.parametrize("method", SETUP)
async def test_a_replica_that_dies_at_any_step_is_taken_over_from(house, method):
    """The call arrived, and nobody lived to record it."""
    relay = house.relay()
    house.office.workspace.faults.add(method, drop=True, accept=True)
    settle = relay._settler.apply

    async def die(tx, delivery, *rest):
        if delivery.row.kind == SETUP[method] and delivery.row.attempt == 0:
            raise RuntimeError("killed")
        return await settle(tx, delivery, *rest)

    object.__setattr__(relay._settler, "apply", die)
    await house.asks()
    await house.office.settles(relay, house.relay("two"))
    assert_whole(house)


async def test_steps_happen_in_the_order_in_which_they_were_asked_for(house):
    await house.asks()
    await house.office.settles(house.relay())
    called = [call.method for call in house.office.workspace.calls if call.method in SETUP]
    assert called == list(SETUP)


async def test_a_taken_name_gets_a_number(house):
    for name in NAMES[:2]:
        house.office.workspace.add_channel(name)
    await house.asks(NoticeKind.MAJOR_CHANNEL)
    await house.office.settles(house.relay())
    assert house.found == {"channel": house.channel(NAMES[2]).id, "name": NAMES[2]}


async def test_somebody_elses_channel_of_that_name_is_never_taken_for_ours(house):
    theirs = house.office.workspace.add_channel(NAMES[0], members=["agent"])
    house.office.workspace.faults.add("conversations.create", drop=True, accept=False)
    await house.asks(NoticeKind.MAJOR_CHANNEL)
    await house.office.settles(house.relay())
    assert house.found["name"] == NAMES[1]
    assert house.found["channel"] != theirs.id


@pytest.mark.parametrize("code", ["restricted_action", "user_is_restricted", "cannot_create_channel"])
async def test_a_channel_that_slack_forbids_is_made_as_soon_as_slack_allows(house, code):
    fault = house.office.workspace.faults.add("conversations.create", error=code, times=None)
    await house.asks()
    relay = house.relay()
    await relay.deliver()
    assert house.heard == [(NoticeKind.MAJOR_CHANNEL, Standing.HELD, code)]
    assert await relay.next_due() == NOON + timedelta(minutes=15)
    fault.times = 0
    await house.office.settles(relay)
    assert_whole(house)


@pytest.mark.parametrize("code", ["cant_invite", "user_is_restricted", "user_not_found", "already_in_channel"])
async def test_one_who_cannot_be_invited_keeps_nobody_else_out(house, code):
    agent, requester = house.people
    house.office.workspace.faults.add(
        "conversations.invite", error=code, times=None, match=lambda args: agent in str(args["users"])
    )
    await house.asks(NoticeKind.MAJOR_CHANNEL, NoticeKind.MAJOR_INVITATION)
    await house.office.settles(house.relay())
    assert requester in house.channel().members
    assert house.found == ({} if code == "already_in_channel" else {agent: code})


async def test_a_comfort_that_slack_refuses_is_given_up_and_what_is_behind_it_happens(house):
    house.office.workspace.faults.add("conversations.setTopic", error="user_is_restricted")
    house.office.workspace.faults.add("bookmarks.add", error="restricted_action")
    await house.asks()
    await house.office.settles(house.relay())
    given_up = [(kind, code) for kind, standing, code in house.heard if standing is Standing.GIVEN_UP]
    assert given_up == [
        (NoticeKind.MAJOR_TOPIC, "user_is_restricted"),
        (NoticeKind.MAJOR_BOOKMARK, "restricted_action"),
    ]
    assert any(message.subtype == "file_share" for message in house.channel().messages)


async def test_an_archived_channel_holds_the_lane_until_it_is_opened_again(house):
    await house.asks(NoticeKind.MAJOR_CHANNEL)
    relay = house.relay()
    await house.office.settles(relay)
    house.channel().is_archived = True
    await house.asks(NoticeKind.MAJOR_TOPIC)
    house.office.clock.forward(seconds=2)
    await relay.deliver()
    assert house.heard[-1] == (NoticeKind.MAJOR_TOPIC, Standing.HELD, "is_archived")
    house.channel().is_archived = False
    async with house.office.database.begin() as tx:
        await lanes.unpark(tx, LANE)
    await house.office.settles(relay)
    assert house.channel().topic["value"] == "P1 · investigating"


async def test_what_was_said_is_read_with_its_address(house):
    await house.asks(NoticeKind.MAJOR_CHANNEL)
    relay = house.relay()
    await house.office.settles(relay)
    requester = house.office.workspace.person("requester")
    house.channel().members.append(requester.user.id)
    said = await requester.says("The gateway is back", house.channel().name)
    reply = await requester.says("For all of us", house.channel().name, thread=said)
    for message in (said, reply):
        await house.office.puts(Notice(NoticeKind.MAJOR_PIN, LANE, message.ts))
        await house.office.settles(relay)
        assert house.found["text"] in ("The gateway is back", "For all of us")
        assert house.found["author"] == requester.user.id
        assert message.ts.replace(".", "") in house.found["permalink"]
