"""What is asked of a record of any noun, on either database."""

from datetime import timedelta

import pytest
from records import NOON, change, fact, incident
from sqlmodel import col, select

from bot.rules.change.flow import ChangeState, ChangeType, Risk
from bot.rules.change.list_filter import ChangeFilter
from bot.rules.record.facts import OPERATOR, SYSTEM, account
from bot.rules.record.notices import NoticeKind, home, to_each
from bot.rules.record.refs import Noun, Ref
from storage import record_links, record_people, records
from storage.change import lists
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import home_visits, outbox
from storage.incident import incidents
from storage.incident.incidents import Viewer
from storage.journal import journal
from storage.record_links import LinkKind
from storage.record_people import Part
from storage.tables import Change, Incident, Outbox

DAY = timedelta(days=1)


@pytest.fixture
async def tx(database_url):
    database = Database(database_url)
    async with database.begin() as tx:
        yield tx
    await database.close()


async def test_every_noun_has_its_table_and_every_record_its_reference(tx):
    assert records.TABLES.keys() == set(Noun)
    assert (await incident(tx)).ref == Ref(Noun.INCIDENT, 1)
    assert (await records.get(tx, Change, 1)) is None
    assert (await records.get(tx, Incident, 1)).ref == Ref(Noun.INCIDENT, 1)


async def test_a_step_is_taken_once_from_the_states_and_the_revision_that_were_seen(tx):
    await change(tx)

    async def step(**how):
        return await records.step(tx, Change, 1, **how, state="scheduled")

    assert not await step(from_states=["draft"])
    assert not await step(from_states=["authorise"], seen=2)
    assert not await records.step(tx, Change, 1, col(Change.held_by) == 7, from_states=["authorise"], state="scheduled")
    assert await step(from_states=["authorise"], seen=1)
    assert not await step(from_states=["authorise"], seen=1)
    await journal.record(tx, fact("CHG-1"))


async def test_home_tabs_wait_by_person_however_they_were_asked_for(database_url):
    """Two transactions that tell the same people would else wait for each other for ever."""
    database = Database(database_url)
    async with database.begin() as tx:
        for who in ("U1", "U2", "U3"):
            await home_visits.record(tx, who, NOON)
        for who in ("U2", "U3", "U1", "U2"):
            await outbox.put_all(tx, [home(who)], NOON)
    async with database.read() as tx:
        found = await tx.exec(select(Outbox.lane).where(Outbox.verb == "publish").order_by(col(Outbox.id)))
        assert list(found) == ["@U1", "@U2", "@U3"]
    await database.close()


async def test_touching_raises_the_revision_and_leaves_the_state(tx):
    one = await incident(tx)
    await records.touch(tx, Incident, 1, summary="VPN is slow")
    await records.hold(tx, Incident, 1)
    await tx.refresh(one)
    assert (one.revision, one.state, one.summary) == (2, "new", "VPN is slow")


async def test_people_have_parts_in_records_of_any_noun(tx):
    assert await record_people.add(tx, "CHG-1", "U2", Part.WATCHER, NOON + DAY)
    assert await record_people.add(tx, "CHG-1", "U1", Part.WATCHER, NOON)
    assert not await record_people.add(tx, "CHG-1", "U1", Part.WATCHER, NOON)
    assert await record_people.add(tx, "INC-1", "U1", Part.AFFECTED, NOON)
    assert await record_people.of(tx, "CHG-1", Part.WATCHER) == ["U1", "U2"]
    assert await record_people.counts(tx, ["CHG-1", "CHG-2"], Part.WATCHER) == {"CHG-1": 2}
    assert await record_people.counts(tx, ["INC-1"], Part.AFFECTED) == {"INC-1": 1}


async def test_who_was_added_sees_the_private_incident_and_no_other(tx):
    for _ in range(12):
        await incident(tx, private=True)
    await record_people.add(tx, "INC-1", "U9", Part.READER, NOON)
    await record_people.add(tx, "CHG-2", "U9", Part.WATCHER, NOON)
    seen = [number for number in range(1, 13) if await incidents.seen_by(tx, number, Viewer("U9"))]
    assert seen == [1]


async def test_either_record_shows_the_other_once(tx):
    assert await record_links.add(tx, "INC-1", "CHG-1", LinkKind.RELATED, "U1", NOON)
    assert not await record_links.add(tx, "INC-1", "CHG-1", LinkKind.RELATED, "U1", NOON)
    assert await record_links.add(tx, "INC-1", "CHG-1", LinkKind.CAUSE, "U1", NOON)
    assert await record_links.add(tx, "INC-2", "INC-1", LinkKind.DUPLICATE, "U1", NOON + DAY)
    assert await record_links.of(tx, "INC-1") == ["CHG-1", "INC-2"]
    assert await record_links.of(tx, "CHG-1") == ["INC-1"]
    assert await record_links.of(tx, "CHG-2") == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (ChangeFilter(), [2, 1, 3]),
        (ChangeFilter(states=frozenset(ChangeState)), [5, 4, 3, 2, 1]),
        (ChangeFilter(states=frozenset(ChangeState), mine=True), [5, 3, 1]),
        (ChangeFilter(assigned=True), [1]),
        (ChangeFilter(service="email"), [2, 3]),
        (ChangeFilter(service="mail"), []),
        (ChangeFilter(type=ChangeType.EMERGENCY), [2]),
        (ChangeFilter(risk=Risk.HIGH), [1]),
        (ChangeFilter(words=("GATE",)), [1]),
        (ChangeFilter(words=("100%",)), [2]),
        (ChangeFilter(words=("_",)), []),
        (ChangeFilter(starts_within=DAY), [2]),
    ],
)
async def test_changes_are_listed_by_what_was_asked(tx, asked, numbers):
    me = {"requester": "U9"}
    await change(tx, title="New gateway", starts_at=NOON + 2 * DAY, implementer="U9", risk="high")
    await change(tx, title="100% of mail", starts_at=NOON + DAY, service="email", type="emergency")
    await change(tx, title="Third", starts_at=NOON + 3 * DAY, touches="web email", **me)
    await change(tx, title="Done", starts_at=NOON + 4 * DAY, state="closed")
    await change(tx, title="Mine to write", starts_at=NOON, state="draft", **me)
    await change(tx, title="Another's draft", starts_at=NOON, state="draft")
    told = (asked, "U9", NOON)
    found = await lists.page(tx, *told, 10)
    assert [one.number for one in found] == numbers
    assert await lists.count(tx, *told) == len(numbers)
    assert [one.number for one in await lists.page(tx, *told, 1, 1)] == numbers[1:2]


async def test_what_is_no_person_is_told_nothing(tx):
    """An operator may raise a finding, an account may log an incident: neither has a direct message."""
    told = ["U0000000003", SYSTEM, OPERATOR, account("monitoring")]
    await outbox.put_all(
        tx, [notice for who in told for notice in to_each(NoticeKind.AUDIT_NEWS, [who], "AUD-1")], NOON
    )
    await written(tx)
    assert set(await tx.exec(select(Outbox.lane))) == {"@U0000000003"}
