from datetime import timedelta

import pytest
from records import NOON, change, incident

from storage import alarms, approvals, changes, clocks, inbox, incidents, lanes, people, places, policies, posts
from storage.tables import Clock, Person, Post

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def tx(database):
    async with database.begin() as tx:
        yield tx


async def test_open_incidents_come_most_pressing_first(tx):
    for priority in ("P3", "P1", "P2", "P1"):
        await incident(tx, priority=priority)
    await incidents.step(tx, 4, frm=["new"], revision=None, state="resolved")
    assert [one.number for one in await incidents.open_ones(tx, 10)] == [2, 3, 1]
    assert [one.number for one in await incidents.reported_by(tx, "U1", 2)] == [4, 3]


async def test_changes_wait_for_those_who_have_not_answered(tx):
    for days in (2, 1, 3):
        await change(tx, starts_at=NOON + timedelta(days=days))
    for number in (1, 2, 3):
        await approvals.ask(tx, number, 1, ["U2", "U3"], NOON)
    await approvals.vote(tx, 3, 1, "U2", vote="approve", comment=None, at=NOON)
    assert [one.number for one in await approvals.waiting_for(tx, "U2", 10)] == [2, 1]
    await changes.step(tx, 2, frm=["authorise"], revision=1, state="scheduled")
    assert [one.number for one in await approvals.waiting_for(tx, "U2", 10)] == [1]
    assert [one.approver for one in await approvals.asked(tx, 3, 1) if one.vote] == ["U2"]
    assert [one.number for one in await changes.open_ones(tx, 2)] == [2, 1]
    assert [one.number for one in await changes.requested_by(tx, "U1", 2)] == [3, 2]


async def test_nobody_votes_who_was_not_asked(tx):
    await change(tx)
    assert not await approvals.vote(tx, 1, 1, "U9", vote="approve", comment=None, at=NOON)


async def test_an_alarm_rings_once_and_is_moved_until_it_does(tx):
    await alarms.schedule(tx, "INC-1", "response", "75", NOON + MINUTE)
    await alarms.schedule(tx, "INC-1", "response", "75", NOON)
    [alarm] = await alarms.due(tx, NOON, 10)
    assert await alarms.fire(tx, alarm.id, NOON)
    assert not await alarms.fire(tx, alarm.id, NOON)
    await alarms.schedule(tx, "INC-1", "response", "75", NOON)
    assert await alarms.due(tx, NOON, 10) == []


async def test_cancelled_alarms_are_silent_and_can_be_set_again(tx):
    for kind in ("response", "resolution"):
        await alarms.schedule(tx, "INC-1", kind, "100", NOON)
    await alarms.cancel(tx, "INC-1", "response", NOON)
    assert [one.kind for one in await alarms.due(tx, NOON, 10)] == ["resolution"]
    await alarms.cancel(tx, "INC-1", None, NOON)
    assert await alarms.due(tx, NOON, 10) == []
    await alarms.schedule(tx, "INC-1", "response", "100", NOON)
    assert [one.kind for one in await alarms.due(tx, NOON, 10)] == ["response"]


async def test_a_breached_clock_stays_breached_when_the_work_is_done(tx):
    version = (await policies.adopt(tx, "policy", NOON)).id
    for kind in ("response", "resolution"):
        clock = Clock(
            subject="INC-1", kind=kind, started_at=NOON, target_seconds=60, due_at=NOON + MINUTE, policy_version=version
        )
        await clocks.start(tx, clock)
    assert await clocks.breach(tx, "INC-1", "response", NOON + MINUTE)
    assert not await clocks.breach(tx, "INC-1", "response", NOON + 2 * MINUTE)
    for kind in ("response", "resolution"):
        assert await clocks.end(tx, "INC-1", kind, "met", NOON + 3 * MINUTE)
        assert not await clocks.end(tx, "INC-1", kind, "met", NOON + 4 * MINUTE)
    ended = {one.kind: (one.state, one.breached_at) for one in await clocks.of(tx, "INC-1")}
    assert ended == {"response": ("breached", NOON + MINUTE), "resolution": ("met", None)}


async def test_a_request_is_served_once_until_it_is_forgotten(tx):
    assert [await inbox.first_time(tx, "Ev1", NOON) for _ in range(3)] == [True, False, False]
    assert await inbox.forget(tx, NOON) == 0
    assert await inbox.forget(tx, NOON + MINUTE) == 1


async def test_a_policy_that_says_the_same_is_no_new_version(tx):
    versions = [(await policies.adopt(tx, text, NOON)).id for text in ("a", "a", "b", "a")]
    assert versions == [1, 1, 2, 3]
    assert (await policies.in_force(tx)).text == "a"


async def test_groups_and_owners_are_as_last_read(tx):
    assert await people.set_members(tx, "cab", ["U2", "U1"])
    assert not await people.set_members(tx, "cab", ["U1", "U2"])
    assert await people.set_members(tx, "cab", ["U3", "U2"])
    assert await people.members(tx, "cab") == ["U2", "U3"]
    assert await people.groups_of(tx, "U2") == ["cab"]
    for number, standing in enumerate([{"is_admin": True}, {"is_admin": True, "deleted": True}, {}]):
        await people.upsert(tx, Person(id=f"U{number}", name="someone", seen_at=NOON, **standing))
    assert await people.admins(tx) == ["U0"]
    await people.upsert(tx, Person(id="U0", name="else", seen_at=NOON))
    assert (await people.admins(tx), (await people.get(tx, "U0")).name) == ([], "else")


async def test_a_place_is_open_archived_and_open_again(tx):
    assert await places.channel_of(tx, "changes") is None
    assert await places.set(tx, "changes", "C1")
    assert not await places.set(tx, "changes", "C1")
    assert await places.archived(tx, "C1") == "changes"
    assert await places.channel_of(tx, "changes") is None
    assert await places.set(tx, "changes", "C1")
    assert await places.channel_of(tx, "changes") == "C1"
    assert await places.archived(tx, "C404") is None


async def test_the_newest_message_of_a_lane_is_known_until_it_is_deleted(tx):
    for ts in ("1.0", "2.0", "2.0"):
        await posts.keep(tx, Post(about="INC-1", kind="incident_card", lane="#a", channel="C1", ts=ts))
    assert await posts.last_in(tx, "#a") == "2.0"
    await posts.gone(tx, "C1", "2.0")
    assert await posts.last_in(tx, "#a") == "1.0"


async def test_an_empty_outbox_is_never_due(tx):
    assert await lanes.next_due(tx) is None
    assert await lanes.lease(tx, NOON, "one", 30) is None
