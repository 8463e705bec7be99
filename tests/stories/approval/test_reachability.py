"""Nobody who has left votes, is waited for or is reminded: it is counted again, and those concerned hear of it once."""

from datetime import timedelta

from cast import MONDAY, Desk
from change_steps import rules

from bot.sandbox.person.people import Person

LATER = {"Start": MONDAY + timedelta(days=9), "End": MONDAY + timedelta(days=9, hours=1)}
TWO = '[approvals.normal]\nstages = ["2 of change-approvers"]\nremind = "4h"\nexpires = "5d"'
ALL = '[approvals.normal]\nstages = ["all of cab"]\nremind = "4h"\nexpires = "5d"'


async def leaves(desk: Desk, *people: Person) -> None:
    for one in people:
        desk.slack.change_person(one.user.name, deleted=True)
    await desk.settles()


async def test_an_approval_that_cannot_be_reached_is_told_once_and_asks_who_comes(desk: Desk) -> None:
    await rules(desk, TWO)
    await desk.asks_for_change(**LATER)
    await leaves(desk, desk.approver)
    for person in (desk.requester, desk.manager):
        await desk.dm(person).hears("CHG-1", "cannot be approved as it stands", "Change approvers")
        assert await desk.dm(person).count("cannot be approved as it stands") == 1
    await desk.channel("changes").hears("CHG-1", "Waiting for 2 of @manager")
    before = len(desk.approver.messages("DM"))
    desk.clock.forward(hours=4)
    await desk.dm(desk.manager).hears("still waits for your vote")
    assert len(desk.approver.messages("DM")) == before
    await desk.manager.runs("/change approve CHG-1")
    await desk.channel("changes").hears("CHG-1", "Approved by @manager", "Waiting for one of")
    desk.slack.change_usergroup("change-approvers", ["manager", "engineer"])
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1")
    told = await desk.dm(desk.requester).hears("cannot be approved as it stands", "Enough may vote again")
    assert told
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_who_left_a_group_has_no_seat_and_all_of_it_are_those_who_stay(desk: Desk) -> None:
    await rules(desk, ALL)
    await desk.asks_for_change(**LATER)
    await desk.approver.clicks("Approve", "DM")
    await desk.manager.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Waiting for one of @engineer")
    desk.slack.change_usergroup("cab", ["manager", "approver"])
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")
    assert await desk.dm(desk.requester).count("cannot be approved") == 0
    assert "Approve" not in desk.engineer.messages("DM")[-1].buttons


async def test_what_asked_somebody_who_has_no_vote_any_more_says_so_of_any_noun(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change(**LATER)
    await desk.agent.runs("/document new How we plan")
    assert not await desk.agent.submits({"What it is": "Process", "Clauses": "8.1"})
    await desk.agent.runs("/document submit DOC-1 The first one")
    await desk.settles()
    desk.slack.change_usergroup("change-approvers", ["engineer"])
    await desk.settles()
    for ref in ("CHG-1", "DOC-1"):
        asked = next(
            one for one in desk.approver.messages("DM") if f"approval of {ref}" in one.text.replace("the document ", "")
        )
        assert asked.buttons == [], ref
        assert "You have no vote on it any more." in asked.text
        assert "Reject" in desk.engineer.messages("DM")[-1].buttons


async def test_an_implementer_who_left_is_told_of_and_others_hear_the_reminders(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change(Implementer="engineer")
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    await leaves(desk, desk.engineer)
    for person in (desk.requester, desk.manager):
        await desk.dm(person).hears("@engineer, who was to implement CHG-1", "has left")
    desk.clock.forward(days=1, hours=1)
    await desk.dm(desk.requester).hears("The window of CHG-1", "is open until")
    await desk.requester.clicks("Assign…", "DM")
    assert await desk.requester.submits(Person="requester") == {}
    await desk.dm(desk.manager).hears("who was to implement CHG-1", "@requester is to carry it out now")
    assert await desk.dm(desk.manager).count("who was to implement CHG-1") == 1
