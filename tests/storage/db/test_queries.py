from datetime import timedelta

import pytest
from records import NOON, case, change, fact, incident

from bot.rules.record.refs import Noun
from storage import policy_versions, timers
from storage.approval import approvals
from storage.change import changes
from storage.delivery import inbox, lanes, posts
from storage.incident import incidents
from storage.journal import journal
from storage.sla import clocks
from storage.tables import ApprovalStage, Clock, Person, Post
from storage.workspace import channels, people

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def tx(database):
    async with database.begin() as tx:
        yield tx


async def test_open_incidents_come_most_pressing_first(tx):
    for priority in ("P3", "P1", "P2", "P1"):
        await incident(tx, priority=priority)
    await incidents.step(tx, 4, frm=["new"], revision=None, state="resolved")
    await journal.record(tx, fact("INC-4"))
    assert [one.number for one in await incidents.open_ones(tx, 10)] == [2, 3, 1]
    assert [one.number for one in await incidents.reported_by(tx, "U1", 2)] == [4, 3]


async def test_changes_wait_for_those_who_have_not_answered(tx):
    for days in (2, 1, 3):
        await change(tx, starts_at=NOON + timedelta(days=days))
    for number in (1, 2, 3):
        starts_at = (await changes.get(tx, number)).starts_at
        await case(tx, f"CHG-{number}", needed_at=starts_at)
        await approvals.add_stage(tx, ApprovalStage(subject=f"CHG-{number}", revision=1, number=1, title="", needs=1))
        await approvals.ask(tx, f"CHG-{number}", 1, ["U2", "U3"], NOON)
    await approvals.vote(tx, "CHG-3", 1, "U2", vote="approve", comment=None, at=NOON)
    assert [one.subject for one in await approvals.waiting_for(tx, "U2", 10)] == ["CHG-2", "CHG-1"]
    await journal.record(tx, fact("CHG-3"))
    await changes.step(tx, 2, frm=["authorise"], revision=1, state="scheduled")
    await approvals.step(tx, "CHG-2", 1, frm=["open"], state="decided")
    await journal.record(tx, fact("CHG-2"))
    assert [one.subject for one in await approvals.waiting_for(tx, "U2", 10)] == ["CHG-1"]
    assert [one.approver for one in (await approvals.asked(tx, "CHG-3", 1)).seats if one.vote] == ["U2"]
    assert [one.number for one in await changes.open_ones(tx, 2)] == [2, 1]
    assert [one.number for one in await changes.requested_by(tx, "U1", 2)] == [3, 2]


async def test_what_waits_of_one_noun_is_not_crowded_out_by_another(tx):
    for number, subject in enumerate(("REQ-1", "REQ-2", "CHG-1")):
        await case(tx, subject, needed_at=NOON + timedelta(days=number))
        await approvals.ask(tx, subject, 1, ["U2"], NOON)
    assert [one.subject for one in await approvals.waiting_for(tx, "U2", 2, noun=Noun.CHANGE)] == ["CHG-1"]
    assert [one.subject for one in await approvals.waiting_for(tx, "U2", 9)] == ["REQ-1", "REQ-2", "CHG-1"]


async def test_nobody_votes_who_was_not_asked(tx):
    await case(tx)
    assert not await approvals.vote(tx, "CHG-1", 1, "U9", vote="approve", comment=None, at=NOON)


async def test_a_timer_rings_once_and_is_moved_until_it_does(tx):
    await timers.schedule(tx, "INC-1", "response", "75", NOON + MINUTE)
    await timers.schedule(tx, "INC-1", "response", "75", NOON)
    [timer] = await timers.due(tx, NOON, 10)
    assert await timers.fire(tx, timer.id, NOON)
    assert not await timers.fire(tx, timer.id, NOON)
    await timers.schedule(tx, "INC-1", "response", "75", NOON)
    assert await timers.due(tx, NOON, 10) == []


async def test_a_timer_that_is_put_off_when_it_was_found_due_does_not_ring(tx):
    await timers.schedule(tx, "INC-1", "response", "75", NOON)
    [timer] = await timers.due(tx, NOON, 10)
    await timers.schedule(tx, "INC-1", "response", "75", NOON + MINUTE)
    assert not await timers.fire(tx, timer.id, NOON)
    assert await timers.fire(tx, timer.id, NOON + MINUTE)


async def test_cancelled_timers_are_silent_and_can_be_set_again(tx):
    for kind in ("response", "resolution"):
        await timers.schedule(tx, "INC-1", kind, "100", NOON)
    await timers.cancel(tx, "INC-1", "response", NOON)
    assert [one.kind for one in await timers.due(tx, NOON, 10)] == ["resolution"]
    await timers.cancel(tx, "INC-1", None, NOON)
    assert await timers.due(tx, NOON, 10) == []
    await timers.schedule(tx, "INC-1", "response", "100", NOON)
    assert [one.kind for one in await timers.due(tx, NOON, 10)] == ["response"]


async def clock(tx, **given):
    version = (await policy_versions.adopt(tx, "policy", NOON)).id
    values = {"subject": "INC-1", "kind": "response", "started_at": NOON, "target_seconds": 60, "due_at": NOON + MINUTE}
    made = Clock(**values | {"policy_version": version} | given)
    await clocks.save(tx, made)
    return made


async def test_a_record_shows_its_clocks_in_their_present_cycle(tx):
    for cycle in (1, 2):
        await clock(tx, kind="resolution", cycle=cycle)
    await clock(tx, due_at=NOON)
    assert [(one.kind, one.cycle) for one in await clocks.of(tx, "INC-1")] == [("response", 1), ("resolution", 2)]
    assert len(await clocks.every(tx, "INC-1")) == 3


async def test_what_is_paused_broken_or_done_is_not_about_to_break(tx):
    await clock(tx, subject="INC-1")
    await clock(tx, subject="INC-2", paused_at=NOON, state="paused")
    await clock(tx, subject="INC-3", breached_at=NOON + MINUTE, state="breached")
    await clock(tx, subject="INC-4", ended_at=NOON, state="met")
    await clock(tx, subject="INC-5", due_at=NOON + 2 * MINUTE)
    await clock(tx, subject="INC-6", service="email")
    assert [one.subject for one in await clocks.due_by(tx, NOON + MINUTE, 9)] == ["INC-1", "INC-6"]
    assert [one.subject for one in await clocks.due_by(tx, NOON + MINUTE, 9, "email")] == ["INC-6"]


async def test_a_breach_is_listed_while_it_is_new_and_while_nobody_has_mended_it(tx):
    hour = timedelta(hours=1)
    broken = {"state": "breached", "breached_at": NOON}
    await clock(tx, subject="INC-1", **broken)
    await clock(tx, subject="INC-2", **broken, ended_at=NOON + MINUTE)
    assert [one.subject for one in await clocks.broken_since(tx, NOON, 9)] == ["INC-2", "INC-1"]
    assert [one.subject for one in await clocks.broken_since(tx, NOON + hour, 9)] == ["INC-1"]


async def test_what_others_owe_is_never_listed_or_tallied_among_the_desks_promises(tx):
    late = {"state": "breached", "service": "vpn", "breached_at": NOON}
    await clock(tx, subject="INC-1", owner="group:cab")
    await clock(tx, subject="INC-1", service="vpn")
    await clock(tx, subject="INC-2", owner="supplier:carrier", **late)
    await clock(tx, subject="INC-2", owner="group:cab", **late)
    due = [[one.name for one in await clocks.due_by(tx, NOON + MINUTE, 9, ours=ours)] for ours in (True, False)]
    assert due == [["response"], ["response:group:cab"]]
    assert await clocks.broken_since(tx, NOON, 9) == []
    assert len(await clocks.broken_since(tx, NOON, 9, ours=False)) == 2
    assert await clocks.tally(tx, "vpn", NOON) == {
        "response:group:cab": (0, 1, 0),
        "response:supplier:carrier": (0, 1, 0),
    }
    assert [one.name for one in await clocks.of(tx, "INC-1")] == ["response", "response:group:cab"]


async def test_one_takes_it_and_one_excuses_it(tx):
    made = await clock(tx, state="breached", breached_at=NOON)
    await clocks.take(tx, "INC-1", "U1", NOON)
    await clocks.take(tx, "INC-1", "U2", NOON)
    await tx.refresh(made)
    assert made.taken_by == "U1"
    assert await clocks.excuse(tx, made.id, "U3", NOON)
    assert not await clocks.excuse(tx, made.id, "U4", NOON)


async def test_promises_are_tallied_as_kept_broken_and_excused(tx):
    await clock(tx, subject="INC-1", service="vpn", state="met", ended_at=NOON)
    await clock(tx, subject="INC-2", service="vpn", state="breached", breached_at=NOON)
    await clock(tx, subject="INC-3", service="vpn", state="breached", breached_at=NOON, excused_at=NOON)
    await clock(tx, subject="INC-4", service="email", state="met", ended_at=NOON)
    assert await clocks.tally(tx, "vpn", NOON) == {"response": (1, 2, 1)}
    assert await clocks.tally(tx, "vpn", NOON + MINUTE) == {}


async def test_what_waits_for_its_hours_outlives_a_recount(tx):
    for occurrence in ("1:75", "1:75~reminder"):
        await timers.schedule(tx, "INC-1", "response", occurrence, NOON)
    await timers.cancel(tx, "INC-1", "response", NOON, put_off=False)
    assert [one.occurrence for one in await timers.due(tx, NOON, 10)] == ["1:75~reminder"]


async def test_a_request_is_served_once_until_it_is_forgotten(tx):
    assert [await inbox.first_time(tx, "Ev1", NOON) for _ in range(3)] == [True, False, False]
    assert await inbox.forget(tx, NOON) == 0
    assert await inbox.forget(tx, NOON + MINUTE) == 1


async def test_a_policy_that_says_the_same_is_no_new_version(tx):
    versions = [(await policy_versions.adopt(tx, text, NOON)).id for text in ("a", "a", "b", "a")]
    assert versions == [1, 1, 2, 3]
    assert await policy_versions.text(tx, (await policy_versions.in_force(tx)).id) == "a"


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
    assert await channels.channel_of(tx, "changes") is None
    assert await channels.set(tx, "changes", "C1")
    assert not await channels.set(tx, "changes", "C1")
    assert await channels.archived(tx, "C1") == "changes"
    assert await channels.channel_of(tx, "changes") is None
    assert await channels.set(tx, "changes", "C1")
    assert await channels.channel_of(tx, "changes") == "C1"
    assert await channels.archived(tx, "C404") is None


async def test_the_newest_message_of_a_lane_is_known_until_it_is_deleted(tx):
    for ts in ("1.0", "2.0", "2.0"):
        await posts.keep(tx, Post(about="INC-1", kind="incident_card", lane="#a", channel="C1", ts=ts))
    assert await posts.last_in(tx, "#a") == "2.0"
    await posts.gone(tx, "C1", "2.0")
    assert await posts.last_in(tx, "#a") == "1.0"


async def test_an_empty_outbox_is_never_due(tx):
    assert await lanes.next_due(tx) is None
    assert await lanes.lease(tx, NOON, "one", 30) is None
