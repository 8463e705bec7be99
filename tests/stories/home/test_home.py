"""App Home: what waits for me, what I opened."""

from datetime import timedelta

import pytest
from cast import Desk

pytestmark = pytest.mark.every_road


async def _home(desk: Desk, person: object) -> str:
    await person.opens_home()
    await desk.settles()
    return person.home.text


async def test_home_shows_a_reporter_what_they_opened(desk: Desk) -> None:
    assert "Nothing waits for you" in await _home(desk, desk.requester)
    await desk.reports()
    await desk.asks_for_change()
    shown = await _home(desk, desk.requester)
    assert "Nothing waits for you" in shown
    assert "INC-1 VPN is down" in shown
    assert "CHG-1 Upgrade the VPN gateway" in shown


async def test_home_shows_all_that_somebody_opened_and_opens_the_catalogue(desk: Desk) -> None:
    requester = desk.requester
    await _home(desk, requester)
    await requester.clicks("Ask for something", where="home")
    await requester.clicks("Ask")
    assert not await requester.submits({"What do you need?": "A new one"})
    await requester.runs("/problem The VPN drops at night")
    assert not await requester.submits(Service="VPN")
    shown = await _home(desk, requester)
    assert "REQ-1 A laptop" in shown
    assert "PRB-1 The VPN drops at night\nP3 Medium · VPN · proposed, with Service desk" in shown
    await desk.agent.runs("/request start REQ-1")
    await desk.agent.runs("/request fulfil REQ-1 It is on your desk")
    assert (await _home(desk, requester)).count("REQ-1") == 1, "it waits for the requester, above"


async def test_home_shows_the_desk_its_queue_and_approvers_what_they_are_asked(desk: Desk) -> None:
    await desk.reports()
    await desk.asks_for_change()
    assert "INC-1" in await _home(desk, desk.agent)
    shown = await _home(desk, desk.approver)
    assert "CHG-1" in shown
    assert "INC-1" not in shown
    await desk.approver.clicks("Review", where="home")
    asked = ("Upgrade the standby, switch over", "Switch back", "revision 1", "Risk: Medium (10 of 24)")
    assert all(words in desk.approver.modal.text for words in asked)
    assert await desk.approver.submits() == {}
    await desk.settles()
    assert "Nothing waits for you" in desk.approver.home.text
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")


async def test_who_fulfils_requests_opens_their_list_from_home(desk: Desk) -> None:
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await _home(desk, desk.agent)
    await desk.agent.clicks("Requests", where="home")
    assert "REQ-1" in desk.agent.modal.text
    assert "Requests" not in (await _home(desk, desk.outsider)).splitlines()


async def test_home_opens_the_forms(desk: Desk) -> None:
    await _home(desk, desk.requester)
    await desk.requester.clicks("Report an incident", where="home")
    assert desk.requester.modal.title == "Report an incident"
    await desk.requester.closes()
    await desk.requester.clicks("Ask for a change", where="home")
    assert desk.requester.modal.title == "Ask for a change"


async def test_a_stale_button_on_home_says_so_in_a_modal(desk: Desk) -> None:
    await desk.asks_for_change()
    await _home(desk, desk.approver)
    await _home(desk, desk.manager)
    await desk.manager.clicks("Approve", "DM")
    await desk.approver.clicks("Review", where="home")
    assert "CHG-1 was already approved by Manager." in desk.approver.modal.text


async def test_a_crowded_home_stays_within_slacks_blocks(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in range(12):
        await desk.requester.runs(f"/incident VPN drops, number {number}")
        assert await desk.requester.submits() == {}
    await _home(desk, desk.agent)
    assert {"Mine (0)", "Unassigned (12)", "Late (0)", "All (12)"} <= set(desk.agent.home.buttons)
    assert desk.agent.home.text.count("INC-") == 5
    await _home(desk, desk.requester)
    await desk.requester.clicks("All 12", where="home")
    assert "Page 1 of 2" in desk.requester.modal.text
    assert desk.requester.modal.text.count("INC-") == 10
    await desk.requester.clicks("Next")
    assert desk.requester.modal.text.count("INC-") == 2
    await desk.requester.clicks("Previous")
    assert "Page 1 of 2" in desk.requester.modal.text


async def test_a_stand_in_sees_what_waits_for_them_and_for_whom(desk: Desk) -> None:
    """Until the time is over; who stands in votes from the other's seat."""
    await desk.asks_for_change()
    await desk.approver.runs("/change delegate")
    ends = desk.clock.now() + timedelta(days=1)
    assert await desk.approver.submits({"Stand-in": "outsider", "Until": ends}) == {}
    await desk.settles()
    said = "You stand in for @approver"
    assert said in (await desk.outsider.runs("/change approvals")).text
    await desk.outsider.opens_home()
    await desk.settles()
    assert said in desk.outsider.home.text
    assert "stand in" not in (await desk.approver.runs("/change approvals")).text
    await desk.outsider.clicks("Review", where="home")
    assert await desk.outsider.submits() == {}
    await desk.channel("changes").hears("CHG-1", "Approved by @outsider for @approver")
    assert "Nothing waits for you" in desk.outsider.home.text
    await desk.asks_for_change("Another")
    desk.clock.forward(days=1, minutes=1)
    assert "Nothing waits for your vote" in (await desk.outsider.runs("/change approvals")).text


async def test_what_waits_for_a_reporter_and_an_assignee_outside_the_desk_has_its_button(desk: Desk) -> None:
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.agent.runs("/incident assign INC-1 @engineer")
    await desk.agent.runs("/incident ack INC-2")
    await desk.agent.runs("/incident pend INC-2 customer Which mailbox?")
    desk.clock.forward(minutes=16)
    shown = await _home(desk, desk.engineer)
    assert "INC-1 VPN is down" in shown
    assert "response was due" in shown
    assert "Unassigned" not in str(desk.engineer.home.buttons)
    shown = await _home(desk, desk.requester)
    assert "The desk asks you: “Which mailbox?”" in shown
    assert "It was resolved" not in shown
    await desk.engineer.clicks("I'm on it", where="home")
    await desk.settles()
    assert "Start work" in desk.engineer.home.buttons
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.settles()
    assert "Nothing waits for you" in desk.engineer.home.text
    assert "INC-1 VPN is down" in desk.requester.home.text
    await desk.requester.clicks("It works again", where="home")
    await desk.settles()
    assert "It was resolved" not in desk.requester.home.text
    shown = await _home(desk, desk.agent)
    assert shown.count("INC-2") == 1, "what waits for the reader is not listed again"


async def test_what_waits_for_who_asked_and_who_carries_it_out(desk: Desk) -> None:
    begins = desk.clock.now() + timedelta(hours=2)
    window = {"Start": begins, "End": begins + timedelta(hours=2), "Implementer": "engineer"}
    await desk.asks_for_change(**window)
    await desk.approver.clicks("Ask a question", "DM")
    assert not await desk.approver.submits({"Question": "Who is on site?"})
    assert "@approver asks: “Who is on site?”" in await _home(desk, desk.requester)
    await desk.requester.clicks("Answer", where="home")
    assert not await desk.requester.submits(Answer="Two of us")
    await desk.settles()
    assert "Nothing waits for you" in desk.requester.home.text
    await desk.approver.clicks("Approve", "DM", message="CHG-1")
    assert "Nothing waits for you" in await _home(desk, desk.engineer)
    desk.clock.forward(hours=2, minutes=1)
    assert "Its window is open until" in await _home(desk, desk.engineer)
    await desk.engineer.clicks("Start", where="home")
    await desk.settles()
    assert "Under way" in desk.engineer.home.text
    await desk.asks_for_change("Replace a disk")
    await desk.approver.clicks("Reject", "DM", message="CHG-2")
    assert not await desk.approver.submits({"Reason": "No"})
    await desk.settles()
    assert "It was rejected: edit it and ask again" in desk.requester.home.text
    await desk.requester.clicks("Edit", where="home")
    assert desk.requester.modal.value("Title") == "Replace a disk"


async def test_who_leads_sees_today_this_week_and_what_needs_a_decision(desk: Desk) -> None:
    assert "How the desk is doing" not in await _home(desk, desk.agent)
    await desk.reports()
    await desk.asks_for_change()
    shown = await _home(desk, desk.manager)
    assert "Incidents opened 1" in shown, "it was counted, and drawn again"
    assert "1 change waits for approval" in shown
    await desk.manager.clicks("Show", where="home")
    assert "CHG-1" in desk.manager.modal.text
    desk.clock.forward(days=7)
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.settles()
    assert "Incidents opened: 1" in desk.manager.home.text, "what was counted stays until somebody looks"
    shown = await _home(desk, desk.manager)
    assert "Incidents opened: 0, before 1" in shown
    assert "Time to restore: 7 d (90 %: 7 d), before –" in shown


async def test_what_somebody_has_to_judge_waits_for_them(desk_on_sqlite: Desk) -> None:
    desk, day = desk_on_sqlite, (desk_on_sqlite.clock.now() + timedelta(days=3)).date()
    await desk.agent.runs("/action Mend the log")
    assert not await desk.agent.submits({"Due on": day, "Owner": "engineer"})
    await desk.engineer.runs("/action done ACT-1 It is rotated")
    await desk.manager.runs("/audit plan Resolution")
    assert not await desk.manager.submits({"Clauses": "8.6.1", "On": day, "Auditor": "approver"})
    for who, typed in (
        (desk.approver, "audit start AUD-1"),
        (desk.approver, "audit check AUD-1 8.6.1 minor It does not ask"),
        (desk.manager, "finding assign FND-1 @engineer"),
        (desk.engineer, "finding answer FND-1 Nobody knew"),
    ):
        await who.runs(f"/{typed}")
    for person, ref, button in ((desk.agent, "ACT-1", "Verify…"), (desk.approver, "FND-1", "It took effect…")):
        await person.opens_home()
        await desk.settles()
        assert ref in person.home.text
        assert button in person.home.buttons
    await desk.agent.clicks("Verify…", where="home")
    assert not await desk.agent.submits({"How it was verified": "I looked"})
    await desk.settles()
    assert "ACT-1" not in desk.agent.home.text


async def test_home_is_drawn_at_each_change_for_who_looks_at_it_now_and_then(desk: Desk) -> None:
    await desk.reports()
    assert desk.requester.home is None
    assert "INC-1 VPN is down" in await _home(desk, desk.requester)
    desk.clock.forward(days=6)
    await desk.reports("Mail is slow")
    assert "INC-2 Mail is slow" in desk.requester.home.text
    desk.clock.forward(days=2)
    await desk.reports("The printer is out of ink")
    assert "INC-3" not in desk.requester.home.text
    assert "INC-3 The printer is out of ink" in await _home(desk, desk.requester)


async def test_a_guest_reads_on_app_home_whom_to_ask(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_person("outsider", is_restricted=True)
    await desk.settles()
    assert "Guests can ask a member to report for them" in await _home(desk, desk.outsider)
    assert desk.outsider.home.buttons == []
