"""What a busy Slack, a bad network and a dying replica do, and what people see of it: each message once."""

import asyncio
from datetime import timedelta

import pytest
from delivery_fixture import CARD, NOON, WARNING, draw, until
from sqlalchemy import text

from bot.delivery import slack_calls
from bot.rules.record.notices import Notice, NoticeKind
from handlers.blocks.kit import Message
from storage.delivery import lanes, outbox, watchdog

LOST = [
    pytest.param({"status": 500, "accept": False}, 1, id="5xx before acceptance"),
    pytest.param({"status": 503, "accept": True}, 0, id="5xx after acceptance"),
    pytest.param({"drop": True, "accept": False}, 1, id="dropped before acceptance"),
    pytest.param({"drop": True, "accept": True}, 0, id="dropped after acceptance"),
    pytest.param({"delay": 2.0, "accept": True}, 0, id="accepted but too slow"),
    pytest.param({"error": "fatal_error", "accept": True}, 0, id="fatal_error after acceptance"),
]


@pytest.mark.parametrize(("fault", "posted_again"), LOST)
async def test_a_lost_answer_is_settled_looked_up_and_the_message_seen_once(office, fault, posted_again):
    office.http_seconds = 1.0
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", **fault)
    relay = office.relay()
    await relay.deliver()
    assert await office.states() == ["ambiguous"]
    assert await relay.next_due() == NOON + timedelta(seconds=31)
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 0"]
    assert await office.states() == ["sent"]
    assert len(office.calls("chat.postMessage")) == 1 + posted_again
    await office.changes("INC-1")
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 1"]


@pytest.mark.parametrize("accept", [True, False])
async def test_a_direct_message_is_looked_up_in_its_own_channel(office, accept):
    agent = office.workspace.person("agent").user.id
    office.workspace.faults.add("chat.postMessage", drop=True, accept=accept)
    await office.puts(Notice(NoticeKind.INCIDENT_RECEIPT, f"@{agent}", "INC-1"))
    await office.settles(office.relay())
    assert office.told("agent") == ["incident_receipt INC-1 at 0"]
    [row] = await office.rows()
    assert row.slack_channel == office.workspace.direct(agent).id


async def test_a_reply_is_looked_up_in_its_thread(office):
    await office.has_a_card()
    relay = office.relay()
    await office.settles(relay)
    parent = (await office.rows())[0].slack_ts

    async def reply(tx, row):
        drawn = await draw(tx, row)
        return Message(drawn.text, drawn.blocks, thread_ts=parent)

    office.workspace.faults.add("chat.postMessage", drop=True, accept=True)
    await office.puts(Notice(WARNING, "#service-desk", "INC-1"))
    await office.settles(office.relay("two", render=reply))
    assert office.heard("service-desk") == ["incident_card INC-1 at 0", "sla_warning INC-1 at 0"]
    assert await office.states() == ["sent", "sent"]


async def test_a_lost_post_is_found_behind_a_page_of_chatter(office):
    channel = await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    office.workspace.faults.add("chat.postMessage", drop=True, accept=True)
    relay = office.relay()
    await relay.deliver()
    office.workspace.limits.enabled = False
    for number in range(slack_calls.PAGE + 5):
        await office.client().chat_postMessage(channel=channel, text=f"chatter {number}")
    await office.settles(relay)
    assert await office.states() == ["sent"]
    assert len(office.calls("conversations.history")) == 2


async def test_nothing_overtakes_a_message_in_doubt(office):
    await office.has_a_card()
    await office.puts(Notice(WARNING, "#service-desk", "INC-1"))
    office.workspace.faults.add("chat.postMessage", status=500)
    relay = office.relay()
    await relay.deliver()
    office.clock.forward(seconds=20)
    assert await relay.deliver() == 0
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 0", "sla_warning INC-1 at 0"]


async def test_a_lost_redraw_or_home_tab_is_simply_done_again(office):
    agent = office.workspace.person("agent").user.id
    await office.has_a_card()
    relay = office.relay()
    await office.settles(relay)
    office.workspace.faults.add("chat.update", status=502, accept=False)
    office.workspace.faults.add("views.publish", drop=True)
    await office.changes("INC-1")
    await office.wants_home(agent)
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 1"]
    assert await office.states() == ["sent", "sent", "sent"]
    assert office.calls("conversations.history") == []


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 30}, {"error": "update_failed"}])
async def test_a_redraw_that_failed_gives_way_to_the_one_that_came_meanwhile(office, fault):
    await office.has_a_card()
    relay = office.relay()
    await office.settles(relay)
    office.workspace.faults.add("chat.update", **fault)
    await office.changes("INC-1")
    office.clock.forward(seconds=2)
    _, delivery = await relay._take()
    await office.changes("INC-1")
    await relay._carry(delivery)
    assert await office.states() == ["sent", "bundled", "ready"]
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 2"]
    assert len(office.calls("chat.update")) == 2


async def test_nobody_posts_before_retry_after_is_over_and_no_attempt_is_charged(office):
    await office.has_a_card()
    await office.opens("changes")
    office.workspace.faults.add("chat.postMessage", status=429, retry_after=30)
    one, two = office.relay("one"), office.relay("two")
    await one.deliver()
    await office.puts(Notice(CARD, "#changes", "INC-2"))
    office.clock.forward(seconds=29)
    await one.deliver()
    await two.deliver()
    assert len(office.calls("chat.postMessage")) == 1
    assert await one.next_due() == NOON + timedelta(seconds=30)
    await office.settles(two, one)
    assert [row.attempt for row in await office.rows()] == [1, 1]
    assert len(office.heard("service-desk")) == len(office.heard("changes")) == 1


async def test_a_limit_on_redraws_holds_all_redraws_back_and_no_posts(office):
    for name, about in (("service-desk", "INC-1"), ("changes", "CHG-1")):
        await office.opens(name)
        await office.puts(Notice(CARD, f"#{name}", about))
    relay = office.relay()
    await office.settles(relay)
    office.workspace.faults.add("chat.update", status=429, retry_after=60)
    await office.changes("INC-1")
    office.clock.forward(seconds=2)
    await relay.deliver()
    await office.changes("CHG-1")
    await office.opens("network")
    await office.puts(Notice(CARD, "#network", "INC-2"))
    office.clock.forward(seconds=2)
    await relay.deliver()
    assert office.heard("network") == ["incident_card INC-2 at 0"]
    assert len(office.calls("chat.update")) == 1
    await office.settles(relay)
    assert office.heard("service-desk") + office.heard("changes") == [
        "incident_card INC-1 at 1",
        "incident_card CHG-1 at 1",
    ]


async def test_a_limit_on_history_keeps_the_message_in_doubt_until_it_may_be_read(office):
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", drop=True, accept=True)
    office.workspace.faults.add("conversations.history", status=429, retry_after=20)
    await office.settles(office.relay())
    assert len(office.heard("service-desk")) == 1
    looks = [call.at for call in office.calls("conversations.history")]
    assert (looks[1] - looks[0]).total_seconds() == 20


async def test_a_server_that_cannot_be_reached_is_tried_again_with_no_look_up(office):
    await office.has_a_card()
    relay = office.relay(now=office.clock.now)
    relay._client.base_url = "http://127.0.0.1:1/api/"
    await relay.deliver()
    assert await office.states() == ["ready"]
    relay._client.base_url = office.server.api_url
    await office.settles(relay)
    assert office.calls("conversations.history") == []
    assert len(office.heard("service-desk")) == 1


async def test_a_bad_payload_is_dead_at_once_and_frees_its_lane(office):
    async def too_much(tx, row):
        drawn = await draw(tx, row)
        return Message("?", [{"type": "nonsense"}]) if row.about == "INC-1" else drawn

    await office.has_a_card()
    await office.puts(Notice(CARD, "#service-desk", "INC-2"))
    await office.relay(render=too_much).deliver()
    assert await office.states() == ["dead", "sent"]
    async with office.database.read() as tx:
        [dead] = await outbox.dead(tx)
        assert dead.error.startswith("invalid_blocks")
        assert "given up: invalid_blocks" in "".join(await watchdog.faults(tx, office.clock.now()))


async def test_a_view_that_fails_stops_only_its_own_message(office, caplog):
    async def broken(tx, row):
        if row.about == "INC-1":
            raise KeyError("priority")
        return await draw(tx, row)

    await office.has_a_card()
    await office.puts(Notice(CARD, "#service-desk", "INC-2"))
    await office.relay(render=broken).deliver()
    assert await office.states() == ["dead", "sent"]
    assert "could not be drawn" in caplog.text


async def test_a_dead_message_can_be_sent_after_all(office):
    office.workspace.faults.add("chat.postMessage", error="no_text")
    await office.has_a_card()
    relay = office.relay()
    await relay.deliver()
    async with office.database.begin() as tx:
        assert await outbox.retry(tx, (await outbox.dead(tx))[0].id)
    await office.settles(relay)
    assert await office.states() == ["sent"]


async def test_a_failure_that_may_pass_is_tried_a_few_times_and_then_given_up(office):
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", error="update_failed", times=None)
    await office.settles(office.relay())
    [row] = await office.rows()
    assert (row.state, row.attempt) == ("dead", 8)


async def test_a_card_that_somebody_deleted_is_left_alone(office):
    channel = await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    relay = office.relay()
    await office.settles(relay)
    [row] = await office.rows()
    await office.client().chat_delete(channel=channel, ts=row.slack_ts)
    for _ in range(2):
        await office.changes("INC-1")
        await office.settles(relay)
    assert await office.states() == ["sent", "bundled", "bundled"]
    assert len(office.calls("chat.update")) == 1


async def test_a_person_who_left_parks_no_lane(office):
    await office.puts(Notice(CARD, "@U0999", "INC-1"))
    await office.relay().deliver()
    assert await office.states() == ["dead"]
    async with office.database.read() as tx:
        assert await lanes.parked(tx) == []


@pytest.mark.parametrize("it_posted", [True, False])
async def test_a_killed_replicas_message_is_taken_over_after_its_lease_and_settling(office, it_posted):
    await office.has_a_card()
    killed = office.relay("killed")
    _, delivery = await killed._take()
    if it_posted:
        await slack_calls.call(office.client(), delivery, 5)
    heir = office.relay("heir")
    office.clock.forward(seconds=29)
    assert await heir.deliver() == 0
    office.clock.forward(seconds=1)
    await heir.deliver()
    assert await office.states() == ["ambiguous"]
    assert await heir.next_due() == NOON + timedelta(seconds=30 + 35)
    await office.settles(heir)
    assert office.heard("service-desk") == ["incident_card INC-1 at 0"]


async def test_a_replica_that_wakes_after_its_lease_settles_nothing(office, caplog):
    await office.has_a_card()
    frozen = office.relay("frozen")
    _, delivery = await frozen._take()
    verdict = await slack_calls.call(office.client(), delivery, 5)
    office.clock.forward(seconds=31)
    heir = office.relay("heir")
    await heir.deliver()
    async with frozen._database.begin() as tx:
        assert not await frozen._settler.apply(tx, delivery, verdict, NOON, office.clock.now())
    assert await office.states() == ["ambiguous"]
    await office.settles(heir)
    assert len(office.heard("service-desk")) == 1
    assert "taken over" in caplog.text


async def test_a_replica_that_wakes_before_its_call_does_not_make_it(office):
    await office.has_a_card()
    frozen = office.relay("frozen")
    _, delivery = await frozen._take()
    office.clock.forward(seconds=25)
    await frozen._carry(delivery)
    assert office.calls("chat.postMessage") == []
    await office.settles(frozen)
    assert len(office.heard("service-desk")) == 1


async def test_a_relay_outlives_a_database_that_fails(office, caplog):
    await office.has_a_card()
    failing = True

    async def stumbling(tx, row):
        if failing:
            await tx.exec(text("SELECT 1 FROM nowhere"))
        return await draw(tx, row)

    relay = office.relay(render=stumbling)
    running = asyncio.create_task(relay.run())
    await until(lambda: "goes on after a fault" in caplog.text)
    failing = False
    relay.wake()
    await until(office.all_sent)
    await relay.stop()
    await running


async def test_the_auditor_sees_a_lane_that_nobody_delivers(office):
    await office.has_a_card()
    office.clock.forward(minutes=6)
    async with office.database.read() as tx:
        [fault] = await watchdog.faults(tx, office.clock.now())
    assert fault == "#service-desk is late: its first message has been due or tried in vain for 360 s."
