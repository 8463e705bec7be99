"""What incidents can, changes can: notes, updates, links, watchers, lists, a timeline, an implementer."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import usecases
from bot.rules.change.flow import ChangeType
from bot.rules.change.refusals import AlreadyWatching, BadChangeList, NotYourStep
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.incident.refusals import NotOnTheDesk
from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import CannotLink, FormRefused, NoSuchRecord, NotForThis
from bot.usecases import policy as desk_policy
from bot.usecases.change import changes
from bot.usecases.incident import incidents
from bot.usecases.records import assignment, comments, links, lists, timeline
from bot.usecases.records import people as record_people
from bot.usecases.records.declared import Deed
from storage import records
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.tables import CabMeeting, Change, Outbox, Person
from storage.workspace import people

USE_CASES = Path(usecases.__file__).parent
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REQUESTER, AGENT, APPROVER, MANAGER, ENGINEER, OUTSIDER = "U1", "U2", "U3", "U4", "U5", "U6"
INC, SECRET, CHG = Ref(Noun.INCIDENT, 1), Ref(Noun.INCIDENT, 2), Ref(Noun.CHANGE, 1)


def request(**given):
    window = {"starts_at": MONDAY + timedelta(days=2), "ends_at": MONDAY + timedelta(days=2, hours=1)}
    words = {"title": "New gateway", "why": "The old one is slow", "plan": "Swap it", "backout": "Swap it back"}
    values = {"type": ChangeType.NORMAL, "service": "vpn", "implementer": ENGINEER, **window, **words}
    return changes.Request(**values | given)


@pytest.fixture
async def tx(sqlite_url):
    database = Database(sqlite_url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by=SYSTEM, now=MONDAY)
        for one in (REQUESTER, AGENT, APPROVER, MANAGER, ENGINEER, OUTSIDER):
            await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
        await people.set_members(tx, "service-desk", [AGENT])
        await people.set_members(tx, "security", [AGENT])
        await people.set_members(tx, "change-approvers", [APPROVER, MANAGER])
        await people.set_members(tx, "cab", [APPROVER, MANAGER])
        await people.set_members(tx, "change-managers", [MANAGER])
        for private in (False, True):
            report = incidents.Report("VPN is down", "", "vpn", Impact.HIGH, Urgency.HIGH, private=private)
            await incidents.log(tx, report, by=REQUESTER, now=MONDAY)
        await changes.submit(tx, request(), by=REQUESTER, now=MONDAY)
        yield tx
    await database.close()


def by(person, minutes=1):
    return {"by": person, "now": MONDAY + timedelta(minutes=minutes)}


async def told(tx, kind):
    await written(tx)
    return {row.lane for row in await tx.exec(outbox.select(Outbox)) if row.kind == kind}


@pytest.mark.parametrize(("ref", "worker", "noted"), [(INC, AGENT, "incident_noted"), (CHG, ENGINEER, "change_noted")])
async def test_a_note_is_for_those_who_work_on_it(tx, ref, worker, noted):
    await comments.note(tx, ref, "Mind the cable", **by(worker))
    for reader, sees in ((worker, True), (OUTSIDER, False)):
        facts = (await timeline.of(tx, ref, reader)).facts
        assert (noted in [fact.kind for fact in facts]) is sees
        assert len(facts) > 1


@pytest.mark.parametrize(("ref", "refusal"), [(INC, NotOnTheDesk), (CHG, NotYourStep)])
async def test_nobody_else_writes_on_it_and_is_told_who_can(tx, ref, refusal):
    with pytest.raises(refusal, match=f"can write a note on {ref}"):
        await comments.note(tx, ref, "Me too", **by(OUTSIDER))
    with pytest.raises(refusal, match=f"can link {ref} to another record"):
        await links.link(tx, ref, INC if ref == CHG else CHG, **by(OUTSIDER))


async def test_a_note_of_nothing_is_no_note(tx):
    with pytest.raises(FormRefused):
        await comments.note(tx, CHG, " ", **by(ENGINEER))


async def test_an_update_is_told_to_those_concerned_and_to_the_channel_but_not_to_its_author(tx):
    await record_people.share(tx, CHG, OUTSIDER, **by(AGENT))
    await comments.update(tx, CHG, "The part has arrived", **by(ENGINEER))
    assert await told(tx, "change_news") == {"#changes", f"@{REQUESTER}", f"@{OUTSIDER}"}
    change = await tx.get(Change, 1)
    assert change.revision == 1, "what was asked for is the same"


async def test_somebody_is_made_a_watcher_once(tx):
    await record_people.share(tx, CHG, OUTSIDER, **by(AGENT))
    for known in (OUTSIDER, REQUESTER):
        with pytest.raises(AlreadyWatching):
            await record_people.share(tx, CHG, known, **by(AGENT))
    with pytest.raises(FormRefused):
        await record_people.share(tx, CHG, "U99", **by(AGENT))


async def test_a_change_and_an_incident_show_each_other(tx):
    await links.link(tx, CHG, INC, **by(ENGINEER))
    incident, change = [(await timeline.of(tx, ref, AGENT)).record for ref in (INC, CHG)]
    assert await links.of(tx, change, None) == ["INC-1"]
    assert await links.of(tx, incident, None) == ["CHG-1"]
    for one, other, why in ((CHG, INC, "linked already"), (INC, CHG, "linked already"), (CHG, CHG, "the same record")):
        with pytest.raises(CannotLink, match=why):
            await links.link(tx, one, other, **by(AGENT if one == INC else ENGINEER))


@pytest.mark.parametrize(("one", "other", "worker"), [(CHG, INC, ENGINEER), (INC, CHG, AGENT)])
async def test_a_link_and_its_end_stand_on_both_timelines_whatever_side_they_were_made_from(tx, one, other, worker):
    await links.link(tx, one, other, **by(worker))
    await links.unlink(tx, one, other, "It was another one", **by(worker))
    for ref, there in ((one, other), (other, one)):
        facts = (await timeline.of(tx, ref, OUTSIDER)).facts[-2:]
        assert [fact.kind.rpartition("_")[2] for fact in facts] == ["linked", "unlinked"]
        assert [(fact.by, fact.data["other"]) for fact in facts] == [(worker, str(there))] * 2
        assert facts[-1].words == {"comment": "It was another one"}


async def test_what_leads_to_a_meeting_stands_on_the_other_timeline_alone(tx):
    """Meetings have no fact of a link: what is about one is none the less made."""
    meeting = CabMeeting(
        number=1, state="open", chair=MANAGER, channel_name="changes", opened_at=MONDAY, policy_version=1
    )
    await records.add(tx, meeting)
    change = (await timeline.of(tx, CHG, ENGINEER)).record
    await links.mirrored(tx, change, meeting, LinkKind.RELATED, Deed(ENGINEER, MONDAY))
    assert (await timeline.of(tx, meeting.ref, ENGINEER)).facts == []


FACTS_OF_THEIR_OWN = {
    "action/actions.py": "the action was promised for the record, and that is linked to it",
    "change/suspected_cause.py": "what it comes from is told of both, each in its own words",
    "incident/links.py": "a merge is a fact of both",
    "problem/problems.py": "a merge is a fact of both",
}


def test_whoever_makes_a_link_has_it_told_on_both_timelines():
    silent = [
        str(path.relative_to(USE_CASES))
        for path in USE_CASES.rglob("*.py")
        if "record_links.add(" in (code := path.read_text()) and not re.search(r"\b(noted|mirrored)\(", code)
    ]
    assert sorted(silent) == sorted(FACTS_OF_THEIR_OWN)


async def test_nobody_learns_of_a_private_incident_from_the_change(tx):
    with pytest.raises(NoSuchRecord):
        await links.link(tx, CHG, SECRET, **by(ENGINEER))
    await links.link(tx, CHG, SECRET, **by(REQUESTER))
    found = await timeline.of(tx, CHG, ENGINEER)
    assert await links.of(tx, found.record, ENGINEER) == []
    assert FactKind.CHANGE_LINKED not in [fact.kind for fact in found.facts]
    secret = await timeline.of(tx, SECRET, REQUESTER)
    assert await links.of(tx, secret.record, REQUESTER) == ["CHG-1"]
    with pytest.raises(NoSuchRecord):
        await timeline.of(tx, SECRET, ENGINEER)


async def test_links_lead_to_no_meetings_and_meetings_have_no_notes(tx):
    meeting = Ref(Noun.MEETING, 1)
    with pytest.raises(NoSuchRecord):
        await links.link(tx, CHG, meeting, **by(ENGINEER))
    with pytest.raises(NotForThis, match="CAB-1 cannot be noted on"):
        await comments.note(tx, meeting, "Hm", **by(MANAGER))


async def test_another_implementer_is_another_revision(tx):
    await assignment.assign(tx, CHG, OUTSIDER, None, **by(REQUESTER))
    change = await tx.get(Change, 1)
    await tx.refresh(change)
    assert (change.implementer, change.revision, change.state) == (OUTSIDER, 2, "authorise")
    with pytest.raises(NotYourStep):
        await assignment.assign(tx, CHG, AGENT, None, **by(AGENT))
    for who, group in ((None, "cab"), (None, None), ("U99", None)):
        with pytest.raises(FormRefused):
            await assignment.assign(tx, CHG, who, group, **by(REQUESTER))


async def test_changes_are_listed_as_incidents_are(tx):
    for title in ("Second", "Third"):
        await changes.submit(tx, request(title=title), by=REQUESTER, now=MONDAY)

    async def listed(noun, typed, number=0, person=REQUESTER):
        found = await lists.page(tx, noun, typed, number, by=person, now=MONDAY, size=2)
        return [one.number for one in found.shown], found.total, found.number

    assert await listed(Noun.CHANGE, "service:vpn mine") == ([3, 2], 3, 0)
    assert await listed(Noun.CHANGE, "service:vpn mine", 7) == ([1], 3, 1)
    assert await listed(Noun.CHANGE, "state:closed") == ([], 0, 0)
    assert await listed(Noun.INCIDENT, "state:new mine") == ([1, 2], 2, 0)
    assert await listed(Noun.INCIDENT, "service:vpn", person=OUTSIDER) == ([1], 1, 0)
    with pytest.raises(BadChangeList):
        await listed(Noun.CHANGE, "nonsense")
