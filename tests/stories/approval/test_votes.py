"""Votes: stages, conditions, stand-ins, revisions, and votes that are taken back."""

import asyncio
from datetime import timedelta

from cast import CHANGE, MONDAY, Desk
from change_steps import edits, rules


async def test_stages_are_asked_one_after_another(desk: Desk) -> None:
    await rules(desk)
    await desk.asks_for_change()
    assert desk.engineer.messages("DM") == []
    await desk.manager.clicks("Approve", "DM")
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1", "Stage 2 of 2", "Waiting for 2 of")
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")
    await desk.manager.clicks("Approve", "changes")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_a_rejection_decides_as_soon_as_the_votes_cannot_be_reached(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk)
    await desk.asks_for_change()
    await desk.approver.clicks("Reject", "DM")
    await desk.approver.submits(Reason="Not on a Monday")
    await desk.channel("changes").hears("CHG-1", "Waiting for one of @manager", "Not on a Monday")
    await desk.manager.clicks("Reject", "DM")
    await desk.manager.submits(Reason="Nor on a Tuesday")
    await desk.dm(desk.requester).hears("CHG-1", "was rejected by @manager", "a draft again")
    assert "Edit and ask again" in desk.requester.messages("DM")[-1].buttons


async def test_a_rejected_change_is_edited_and_asked_for_again(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Reject", "DM")
    await desk.approver.submits(Reason="Say who stands by")
    await desk.settles()
    await desk.requester.clicks("Edit and ask again", "DM")
    assert desk.requester.modal.value("Plan") == CHANGE["Plan"]
    assert await desk.requester.submits({"Plan": "Upgrade with the engineer standing by"}) == {}
    await desk.channel("changes").hears("CHG-1", "Waiting for one of", "Different from revision 1", "standing by")
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")


async def test_an_edit_of_the_plan_voids_votes_and_a_stale_click_hears_the_difference(desk: Desk) -> None:
    await rules(desk)
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    old = desk.manager.messages("DM")[-1]
    assert await edits(desk, Plan="Upgrade both at once") == {}
    await desk.manager.clicks("Approve", message=old)
    assert "CHG-1 has changed since this was drawn" in desk.manager.notes()[-1]
    assert "plan (“Upgrade the standby, switch over” is now “Upgrade both at once”)" in desk.manager.notes()[-1]
    card = await desk.channel("changes").hears("CHG-1", "Stage 1 of 2", "Waiting for one of @")
    assert "Approved by" not in card
    await desk.dm(desk.manager).hears("CHG-1", "was revised after you were asked")


async def test_a_full_stop_in_a_plan_voids_votes_and_a_blank_at_the_end_of_a_line_does_not(desk: Desk) -> None:
    await desk.asks_for_change(Plan="Do not stop the database.\nTell the desk.")
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    assert await edits(desk, Plan="Do not stop the database.  \nTell the desk.") == {}
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")
    assert await edits(desk, Plan="Do not. Stop the database!\nTell the desk.") == {}
    card = await desk.channel("changes").hears("CHG-1", "Waiting for one of", "Different from revision 1")
    assert "Approved by" not in card
    await desk.channel("changes").hears("CHG-1", "was revised", "approval is asked anew")


async def test_mending_a_slip_in_the_reason_keeps_votes(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    assert await edits(desk, Why="The release is out of support.") == {}
    await desk.channel("changes").hears("CHG-1", "Approved by @approver", "out of support.")
    assert await edits(desk, Start=MONDAY + timedelta(days=3), End=MONDAY + timedelta(days=3, hours=1)) == {}
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_a_condition_stands_on_the_card(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await desk.approver.clicks("Approve with condition", "DM")
    assert "Condition" in await desk.approver.submits(Condition=" ")
    assert await desk.approver.submits(Condition="Only after six") == {}
    await desk.channel("changes").hears("Approved under a condition by @approver", "Only after six")


async def test_a_vote_is_taken_back_until_the_work_begins(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    await desk.approver.clicks("Withdraw my vote", "DM")
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")
    await desk.approver.clicks("Approve", "DM")
    desk.clock.forward(days=1, hours=1)
    await desk.requester.runs("/change start CHG-1")
    answer = await desk.approver.runs("/change withdraw CHG-1")
    assert "being implemented" in answer.text


async def test_the_implementer_has_no_vote(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="approver")
    assert desk.approver.messages("DM") == []
    await desk.approver.clicks("Approve", "changes")
    assert "You are to carry out CHG-1, so someone else must approve it" in desk.approver.notes()[-1]


async def test_a_stand_in_votes_for_a_while_and_never_for_themselves(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Delegate", "DM")
    assert await desk.approver.submits({"Stand-in": "engineer"}) == {}
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1")
    assert "CHG-1" in (await desk.engineer.runs("/change approvals")).text
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("Approved by @engineer for @approver")


async def test_a_requester_cannot_stand_in_for_an_approver(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.runs("/change delegate")
    await desk.approver.submits({"Stand-in": "requester"})
    await desk.requester.clicks("Approve", "changes")
    assert "You asked for CHG-1, so someone else must approve it" in desk.requester.notes()[-1]


async def test_a_stand_ins_dates_are_held_to_sense(desk_on_sqlite: Desk) -> None:
    approver = desk_on_sqlite.approver
    await approver.runs("/change delegate")
    past = {"Stand-in": "engineer", "Until": MONDAY - timedelta(hours=1)}
    assert list(await approver.submits(past)) == ["Until"]
    assert list(await approver.submits({"From": MONDAY + timedelta(days=3), "Until": MONDAY + timedelta(days=2)}))
    assert await approver.submits({"Until": MONDAY + timedelta(days=4)}) == {}


async def test_a_question_is_answered_before_the_vote(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Ask a question", "DM")
    assert await desk.approver.submits(Question="Who stands by?") == {}
    await desk.dm(desk.requester).hears("@approver asks about CHG-1", "Who stands by?")
    await desk.requester.clicks("Answer", "DM")
    assert await desk.requester.submits(Answer="Two of us") == {}
    await desk.dm(desk.approver).hears("@requester answered", "Two of us")
    await desk.channel("changes").hears("Who stands by?", "Two of us")


async def test_reminders_back_off_and_an_undecided_change_goes_back_to_its_author(desk: Desk) -> None:
    """One message says it, in the thread of the request; by night nobody hears of what can wait."""
    await rules(desk)
    await desk.asks_for_change(Start=MONDAY + timedelta(days=9), End=MONDAY + timedelta(days=9, hours=1))
    asked = desk.manager.messages("DM")[-1]
    for hours, told in ((4, 1), (8, 1), (10, 1), (1, 2), (1, 2)):  # due at 13:00, and at 21:00: told at 8:00
        desk.clock.forward(hours=hours)
        await desk.settles()
        assert await desk.dm(desk.manager).count("CHG-1", "still waits for your vote") == 1
        assert await desk.dm(desk.manager).count("CHG-1", "you were reminded") == told - 1
    assert {one.thread_ts for one in desk.manager.messages("DM") if "still waits" in one.text} == {asked.ts}
    desk.clock.forward(days=2)
    await desk.dm(desk.requester).hears("CHG-1", "was left undecided", "a draft again")
    before = await desk.dm(desk.manager).count("still waits")
    desk.clock.forward(days=2)
    assert await desk.dm(desk.manager).count("still waits") == before


async def test_who_left_the_workspace_has_no_say(desk: Desk) -> None:
    await desk.asks_for_change()
    desk.slack.change_person("approver", deleted=True)
    await desk.slack.quiet()
    desk.slack.change_person("manager", deleted=True)
    await desk.slack.quiet()
    assert "CHG-1" in (await desk.engineer.runs("/change list")).text


async def test_all_members_clicking_at_once_make_one_decision(desk: Desk) -> None:
    await rules(desk, '[approvals.normal]\nstages = ["any of cab"]\n')
    await desk.asks_for_change()
    await asyncio.gather(*(one.clicks("Approve", "DM") for one in (desk.approver, desk.manager, desk.engineer)))
    await desk.settles()
    late = [note for one in (desk.approver, desk.manager, desk.engineer) for note in one.notes()]
    assert len(late) == 2
    assert all("CHG-1 was already approved by" in note for note in late)
    assert await desk.dm(desk.requester).count("was approved") == 1
