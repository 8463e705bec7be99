"""Lanes that nobody can deliver: they wait, say why, and go on once someone has mended the cause."""

import asyncio
from datetime import timedelta

import pytest
from delivery_fixture import CARD, NOON, until
from sqlmodel import select

from bot.rules.record.facts import SYSTEM
from bot.rules.record.notices import Notice, NoticeKind, person
from storage.delivery import lanes, outbox, watchdog
from storage.tables import Outbox
from storage.workspace import channels


@pytest.fixture
def parked_lanes(office):
    async def names():
        async with office.database.read() as tx:
            return {lane.name: lane.parked_reason for lane in await lanes.parked(tx)}

    return names


async def test_a_channel_that_is_not_known_yet_hears_its_messages_once_it_is(office, parked_lanes):
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    relay = office.relay()
    await relay.deliver()
    assert await parked_lanes() == {"#service-desk": "no channel of that name is known yet"}
    async with office.database.read() as tx:
        assert await watchdog.faults(tx, NOON) == ["#service-desk hears nothing: no channel of that name is known yet"]
    await office.opens("service-desk")
    await relay.deliver()
    assert (await parked_lanes(), len(office.heard("service-desk"))) == ({}, 1)


async def test_an_archived_channel_parks_its_lane_until_it_is_open_again(office, parked_lanes):
    channel = await office.opens("service-desk")
    office.workspace.channels[channel].is_archived = True
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    relay = office.relay()
    await relay.deliver()
    assert await parked_lanes() == {"#service-desk": "is_archived"}
    office.workspace.channels[channel].is_archived = False
    async with office.database.begin() as tx:
        assert await channels.archived(tx, channel, False) == "service-desk"
    await relay.deliver()
    assert await office.states() == ["sent"]


async def test_a_parked_lane_is_tried_again_after_a_while_by_itself(office, parked_lanes):
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", error="restricted_action")
    relay = office.relay()
    await relay.deliver()
    assert await relay.next_due() == NOON + timedelta(minutes=15)
    await office.settles(relay)
    assert (await office.states(), await parked_lanes()) == (["sent"], {})


async def test_a_revoked_token_parks_everything_until_the_next_start(office, parked_lanes):
    await office.has_a_card()
    office.workspace.revoked = "token_revoked"
    relay = office.relay()
    await relay.deliver()
    assert await parked_lanes() == {"#service-desk": "token_revoked"}
    office.workspace.revoked = None
    restarted = office.relay("two")
    running = asyncio.create_task(restarted.run())
    await until(office.all_sent)
    await restarted.stop()
    await running


async def test_a_history_that_cannot_be_read_is_shown_to_the_operator(office, parked_lanes):
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", drop=True, accept=True)
    office.workspace.faults.add("conversations.history", error="missing_scope")
    relay = office.relay()
    await relay.deliver()
    office.clock.forward(seconds=40)
    await relay.deliver()
    assert await office.states() == ["ambiguous"]
    assert "nobody can tell whether message 1 arrived: missing_scope" in (await parked_lanes())["#service-desk"]
    await office.settles(relay)
    assert len(office.heard("service-desk")) == 1


async def test_nothing_is_queued_for_deskbell_itself(office):
    """A record that it logged by itself has nobody to hear how it goes."""
    async with office.databases[0].begin() as tx:
        await outbox.put(tx, Notice(NoticeKind.INCIDENT_NEWS, person(SYSTEM), "INC-1", "1"), NOON)
        assert (await tx.exec(select(Outbox))).all() == []
