"""A change, from the request to the decision."""

import asyncio
from datetime import timedelta

import pytest
from cast import CHANGE, MONDAY, Desk

pytestmark = pytest.mark.every_road

VOTES = ["Approve", "Approve with condition", "Reject", "Ask a question", "Delegate"]


async def test_a_request_is_announced_and_the_approvers_are_asked(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade the VPN gateway")
    assert desk.requester.modal.title == "Ask for a change"
    assert desk.requester.modal.value("Title") == "Upgrade the VPN gateway"
    assert await desk.requester.submits(CHANGE) == {}
    await desk.channel("changes").hears("CHG-1", "Upgrade the VPN gateway", "Waiting for one of", "Switch back")
    for approver in (desk.approver, desk.manager):
        await desk.dm(approver).hears("@requester asks for your approval of CHG-1")
        assert desk.dm(approver).reader.messages("DM")[-1].buttons == [*VOTES, "Open"]
    assert desk.outsider.messages("DM") == []


async def test_an_approval_closes_the_question_everywhere(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")
    await desk.dm(desk.requester).hears("CHG-1", "was approved by @approver", "Its window opens")
    await desk.dm(desk.manager).hears("CHG-1", "Approved by @approver")
    assert desk.manager.messages("DM")[-1].buttons == []
    assert desk.manager.messages("changes")[-1].buttons == ["Edit", "Postpone", "Cancel change", "More…"]


async def test_a_rejection_needs_a_reason_and_the_requester_reads_it(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.manager.clicks("Reject", "changes")
    assert "Reason" in await desk.manager.submits(Reason=" ")
    assert await desk.manager.submits(Reason="Not on a Monday") == {}
    await desk.channel("changes").hears("CHG-1", "Rejected by @manager", "Not on a Monday")
    await desk.dm(desk.requester).hears("was rejected by @manager", "Not on a Monday")


async def test_nobody_approves_their_own_change(desk: Desk) -> None:
    await desk.approver.runs("/change Upgrade the VPN gateway")
    await desk.approver.submits(CHANGE)
    await desk.channel("changes").hears("CHG-1")
    assert desk.approver.messages("DM") == [], "nobody is asked to approve what they asked for"
    await desk.approver.clicks("Approve", "changes")
    assert "You asked for CHG-1, so someone else must approve it" in desk.approver.notes()[-1]
    await desk.approver.clicks("Reject", "changes")
    assert desk.approver.modal is None
    await desk.channel("changes").hears("CHG-1", "Waiting for one of @manager")


async def test_who_was_not_asked_cannot_decide(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.outsider.clicks("Approve", "changes")
    assert "was not sent to you for approval" in desk.outsider.notes()[-1]
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_who_has_left_the_group_since_cannot_decide(desk: Desk) -> None:
    await desk.asks_for_change()
    desk.slack.change_usergroup("change-approvers", ["manager"])
    await desk.slack.quiet()
    await desk.approver.clicks("Approve", "DM")
    assert "Only members of Change approvers can decide on CHG-1" in desk.approver.notes()[-1]
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_a_second_click_hears_who_decided(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await desk.manager.clicks("Reject", "changes")
    assert desk.manager.notes()[-1] == "CHG-1 was already approved by Approver."
    assert desk.manager.modal is None
    assert await desk.dm(desk.requester).count("CHG-1", "was approved") == 1


async def test_of_two_clicks_at_the_same_instant_one_decides(desk: Desk) -> None:
    await desk.asks_for_change()
    await asyncio.gather(desk.approver.clicks("Approve", "DM"), desk.manager.clicks("Approve", "DM"))
    await desk.settles()
    late = [note for person in (desk.approver, desk.manager) for note in person.notes()]
    assert len(late) == 1
    assert "CHG-1 was already approved by" in late[0]
    assert await desk.dm(desk.requester).count("was approved") == 1


async def test_a_double_click_is_one_decision(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await desk.approver.clicks("Approve", "DM")
    assert desk.approver.notes()[-1] == "CHG-1 was already approved by Approver."
    assert await desk.dm(desk.requester).count("was approved") == 1


async def test_a_rejection_that_comes_too_late_keeps_its_form_open_and_says_so(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.manager.clicks("Reject", "changes")
    await desk.approver.clicks("Approve", "DM")
    faults = await desk.manager.submits(Reason="Not on a Monday")
    assert faults == {"Reason": "CHG-1 was already approved by Approver."}
    assert desk.manager.modal.value("Reason") == "Not on a Monday"


async def test_a_past_or_inverted_window_is_refused_under_its_field(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    past = {"Start": MONDAY - timedelta(hours=1), "End": MONDAY + timedelta(hours=1)}
    assert list(await desk.requester.submits(CHANGE | past)) == ["Start"]
    inverted = {"Start": MONDAY + timedelta(days=2), "End": MONDAY + timedelta(days=1)}
    assert list(await desk.requester.submits(inverted)) == ["End"]
    endless = {"Start": MONDAY + timedelta(days=2), "End": MONDAY + timedelta(days=50)}
    assert list(await desk.requester.submits(endless)) == ["End"]
    assert "No change is open" in (await desk.requester.runs("/change list")).text


async def test_every_empty_field_is_named_at_once(desk_on_sqlite: Desk) -> None:
    await desk_on_sqlite.requester.runs("/change")
    blank = {"Title": " ", "Why": " ", "Plan": " ", "Backout plan": " ", "Service": "VPN"}
    assert set(await desk_on_sqlite.requester.submits(blank)) == {"Title", "Why", "Plan", "Backout plan"}


async def test_an_implementer_who_is_the_only_other_approver_is_refused_at_submission(desk: Desk) -> None:
    await desk.manager.runs("/change Upgrade")
    faults = await desk.manager.submits(CHANGE | {"Implementer": "approver"})
    assert "Nobody but you could approve this" in faults["Implementer"]
    assert "No change is open" in (await desk.manager.runs("/change list")).text
    assert await desk.manager.submits({"Implementer": "engineer"}) == {}


async def test_one_change_the_list_and_help_are_shown(desk: Desk) -> None:
    await desk.asks_for_change()
    assert "Upgrade the VPN gateway" in (await desk.engineer.runs("/change chg-1")).text
    assert "CHG-1" in (await desk.engineer.runs("/change list")).text
    assert "/change CHG-n" in (await desk.engineer.runs("/change help")).text
    assert "There is no CHG-999" in (await desk.engineer.runs("/change CHG-999")).text
