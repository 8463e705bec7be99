"""Standard changes: proposed from what went well, used without further approval, suspended by a failure."""

from datetime import timedelta

from cast import MONDAY, Desk
from change_steps import agreed, done_well, uses


async def test_a_standard_change_is_scheduled_without_further_approval(desk: Desk) -> None:
    assert "There is no standard change yet" in (await desk.requester.runs("/change standard")).text
    await agreed(desk)
    await uses(desk, 2)
    assert desk.approver.messages("DM")[-1].buttons == []
    desk.clock.forward(hours=1)
    await desk.requester.runs("/change start CHG-2")
    await desk.channel("changes").hears("CHG-2", "being implemented")


async def test_only_a_change_manager_who_did_not_propose_it_approves_it(desk: Desk) -> None:
    await done_well(desk, 1)
    await desk.manager.clicks("Make it a standard change", "changes")
    await desk.channel("changes").hears("STD-1")
    assert await desk.dm(desk.manager).count("STD-1") == 0, "they proposed it"
    await desk.approver.clicks("Approve", "changes", message="STD-1")
    assert "Only members of Change managers" in desk.approver.notes()[-1]
    await desk.manager.clicks("Approve", "changes", message="STD-1")
    assert "You proposed STD-1" in desk.manager.notes()[-1]
    await desk.engineer.clicks("Make it a standard change", "changes")
    assert "There is a standard change of this name" in desk.engineer.notes()[-1]


async def test_a_failure_suspends_it_until_a_manager_has_looked(desk: Desk) -> None:
    await agreed(desk)
    await uses(desk, 2)
    desk.clock.forward(hours=1)
    await desk.requester.runs("/change start CHG-2")
    await desk.requester.runs("/change finish CHG-2")
    assert await desk.requester.submits({"Outcome": "Failed", "What happened": "Wrong key"}) == {}
    await desk.dm(desk.manager).hears("STD-1", "is suspended", "CHG-2 did not go well")
    await desk.requester.runs("/change standard")
    assert "suspended" in desk.requester.messages("general")[-1].text
    assert desk.requester.messages("general")[-1].buttons == []
    await desk.manager.clicks("Approve", "DM", message="STD-1")
    assert "Upgrade the standby, switch over" in desk.manager.modal.text
    assert await desk.manager.submits() == {}
    await desk.channel("changes").hears("STD-1", "active by @manager")
    past = (await desk.outsider.runs("/change timeline STD-1")).text
    assert "proposed version 1 of it, from CHG-1" in past
    assert "@requester suspended version 1, since a change made from it failed" in past
    assert past.count("@manager approved version 1") == 2


async def test_one_that_was_retired_under_ones_feet_is_refused(desk: Desk) -> None:
    await agreed(desk)
    await desk.requester.runs("/change standard")
    await desk.requester.clicks("Use")
    await desk.manager.clicks("Retire", "changes", message="STD-1")
    faults = await desk.requester.submits({"Why": "It expires"})
    assert "STD-1 Renew the certificate has changed or left use" in faults["Why"]
    await desk.requester.runs("/change list")
    assert "No change is open" in desk.requester.messages("general")[-1].text


async def test_only_the_window_of_a_standard_change_is_edited(desk: Desk) -> None:
    await agreed(desk)
    await uses(desk, 2)
    await desk.requester.runs("/change edit CHG-2")
    assert desk.requester.modal.labels == ["Why", "Start", "End", "Implementer"]
    later = {"Start": MONDAY + timedelta(days=3), "End": MONDAY + timedelta(days=3, hours=1)}
    assert await desk.requester.submits(later) == {}
    await desk.channel("changes").hears("CHG-2", "Scheduled as a standard change", "Different from revision 1")


async def test_after_the_policys_number_of_clean_changes_one_is_suggested(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in (1, 2, 3):
        assert await desk.dm(desk.requester).count("could be a standard change") == 0
        await done_well(desk, number)
    await desk.dm(desk.requester).hears("Renew the certificate has gone well 3 times")
    await desk.requester.clicks("Make it a standard change", "DM")
    await desk.channel("changes").hears("STD-1", "from CHG-3")
