"""Conditions and votes against reach the requester and stand on the next revision; what is over loses its buttons."""

from datetime import timedelta

from cast import MONDAY, Desk
from change_steps import BEGUN, edits, freezes, lifts, rules

from bot.sandbox.person.people import Person


def buttons(person: Person, *words: str) -> list[str]:
    """Of the newest message that has all these words."""
    return [one for one in person.messages("DM") if all(word in one.text for word in words)][-1].buttons


async def test_each_condition_and_vote_against_is_told_and_stands_on_the_next_revision(desk: Desk) -> None:
    await rules(desk)
    await desk.asks_for_change()
    await desk.approver.clicks("Reject", "DM")
    assert await desk.approver.submits(Reason="Two people must be there") == {}
    await desk.dm(desk.requester).hears("@approver voted against CHG-1", "Two people must be there")
    assert buttons(desk.requester, "voted against") == ["Edit", "Open"]
    await desk.manager.runs("/change approve-if CHG-1 only after six")
    await desk.dm(desk.requester).hears("@manager approved CHG-1", "under a condition", "only after six")
    assert await edits(desk, Plan="Two of us upgrade the standby after six, switch over") == {}
    asked = ("Asked for on revision 1", "Does revision 2 meet it?", "Two people must be there", "only after six")
    await desk.channel("changes").hears("CHG-1", *asked)
    await desk.dm(desk.approver).hears("asks for your approval of CHG-1", *asked)
    assert buttons(desk.requester, "voted against", "revised since") == []
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Stage 2 of 2", "Asked for on revision 1")


async def test_an_approval_under_a_condition_says_so_and_is_void_once_it_is_edited(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await desk.approver.clicks("Ask a question", "DM")
    assert await desk.approver.submits(Question="Who stands by?") == {}
    await desk.settles()
    await desk.requester.clicks("Answer", "DM")
    assert await desk.requester.submits(Answer="Two of us") == {}
    await desk.settles()
    assert buttons(desk.approver, "Two of us", "answered about CHG-1") == ["Review", "Delegate", "Open"]
    await desk.approver.runs("/change approve-if CHG-1 only after six")
    told = await desk.dm(desk.requester).hears(
        "CHG-1", "was approved by @approver, under a condition", "only after six"
    )
    assert "void" not in told
    assert buttons(desk.requester, "was approved") == ["Edit", "Open"]
    assert await edits(desk, Plan="After six upgrade the standby, switch over") == {}
    await desk.dm(desk.requester).hears("was approved by @approver", "That approval is void", "revision 2")
    assert buttons(desk.requester, "was approved") == []
    assert buttons(desk.approver, "answered about CHG-1", "It was revised since") == []


async def test_a_hold_that_is_over_says_so(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await freezes(desk)
    assert buttons(desk.requester, "CHG-1", "is held by WIN-1") == ["Edit", "Open"]
    await lifts(desk, "WIN-1")
    await desk.dm(desk.requester).hears("CHG-1", "was held by WIN-1", "WIN-1 was lifted")
    assert buttons(desk.requester, "was held by WIN-1") == []


async def test_an_emergency_is_reminded_of_by_night_and_ever_more_seldom(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.clock.forward(hours=12)
    await desk.reports()
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert await desk.agent.submits(BEGUN | {"Incident": "INC-1"}) == {}
    await desk.settles()
    heard = []
    for _ in range(48):
        desk.clock.forward(minutes=30)
        await desk.settles()
        heard.append(sum("reminded" in one.text or "still waits" in one.text for one in desk.approver.messages("DM")))
    assert [heard.index(n) + 1 for n in range(1, heard[-1] + 1)] == [1, 3, 7, 15, 31]
    assert await desk.dm(desk.approver).count("still waits for your vote") == 1
    await desk.approver.clicks("Approve", "DM", message="asks for your approval")
    await desk.settles()
    assert await desk.dm(desk.approver).count("still waits for your vote") == 0
    assert await desk.dm(desk.approver).count("you were reminded", "It was approved by @approver") == 5


async def test_a_stand_in_is_reminded_instead_of_the_absent(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change(Start=MONDAY + timedelta(days=9), End=MONDAY + timedelta(days=9, hours=1))
    await desk.approver.clicks("Delegate", "DM")
    assert await desk.approver.submits({"Stand-in": "engineer"}) == {}
    desk.clock.forward(hours=8)
    await desk.dm(desk.engineer).hears("CHG-1", "still waits for your vote")
    await desk.dm(desk.manager).hears("CHG-1", "still waits for your vote")
    assert await desk.dm(desk.approver).count("still waits") == 0


async def test_the_author_of_a_document_reads_why_it_was_rejected(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/document new How we plan")
    assert not await desk.agent.submits({"What it is": "Process", "Clauses": "8.1"})
    await desk.agent.runs("/document submit DOC-1 The first one")
    await desk.approver.runs("/document reject DOC-1 Who does it is missing")
    await desk.dm(desk.agent).hears("DOC-1", "since it was rejected", "Who does it is missing")
