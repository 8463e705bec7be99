"""Freezes and maintenance windows: made, what they stop, what they hold, and lifted."""

from datetime import timedelta
from typing import Any

from cast import CHANGE, MONDAY, Desk
from change_steps import HOUR, agreed, freezes, lifts, rules, uses

TOMORROW = {"Start": MONDAY + timedelta(days=1, hours=1), "End": MONDAY + timedelta(days=1, hours=2)}
"""The window that `asks_for_change` suggests."""


async def test_a_change_manager_makes_a_freeze_and_everybody_reads_it(desk: Desk) -> None:
    await freezes(desk, Services=["VPN"])
    await desk.channel("changes").hears("WIN-1", "Year-end closing", "freeze", "VPN", "The books are closed")
    listed = await desk.requester.runs("/change windows")
    assert "WIN-1" in listed.text
    assert "VPN" in listed.text


async def test_who_is_no_change_manager_makes_and_lifts_none(desk: Desk) -> None:
    assert "Only members of Change managers can make and lift" in (await desk.engineer.runs("/change freeze")).text
    assert desk.engineer.modal is None
    await freezes(desk)
    await desk.engineer.clicks("Lift", "changes")
    assert "Only members of Change managers" in desk.engineer.notes()[-1]
    assert desk.engineer.modal is None


async def test_words_behind_freeze_are_the_draft_of_its_form(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/change freeze VPN for the year-end closing")
    assert desk.manager.modal.title == "Make a window"
    assert not await desk.manager.submits(Reason="The books are closed")
    await desk.channel("changes").hears("WIN-1", "VPN for the year-end closing", "VPN")
    assert "all services" not in (await desk.requester.runs("/change windows")).text
    words = "VPN and all that hangs on it while the year is closed and nobody may touch a thing, " * 3
    await desk.manager.runs(f"/change freeze {words}")
    assert not await desk.manager.submits()
    await desk.channel("changes").hears("WIN-2", "nobody may touch a thing, VPN and all that hangs on it")


async def test_who_makes_no_freeze_asks_for_a_change_with_the_same_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.engineer.runs("/change freeze the DNS zone of the website")
    assert desk.engineer.modal.title == "Ask for a change"
    assert not await desk.engineer.submits(CHANGE)
    await desk.channel("changes").hears("CHG-1", "freeze the DNS zone of the website")


async def test_a_change_is_not_asked_for_in_a_hard_freeze(desk: Desk) -> None:
    """A form's errors are plain text: a time in them is by the clocks of whoever reads it, which it names."""
    await freezes(desk, Services=["VPN"])
    desk.slack.change_person("requester", tz="America/New_York")
    await desk.settles()
    await desk.requester.runs("/change Upgrade the VPN gateway")
    faults = await desk.requester.submits(CHANGE)
    assert list(faults) == ["Start"]
    assert "WIN-1 “Year-end closing” freezes VPN until Wed 4 Mar 2026 at 04:00 (America/New_York)" in faults["Start"]
    assert "No change is open" in (await desk.requester.runs("/change list")).text


async def test_a_change_of_another_service_or_time_is_free(desk: Desk) -> None:
    await freezes(desk, Services=["VPN"])
    await desk.asks_for_change(Service="Website")
    ends_as_it_starts = {"Start": MONDAY + timedelta(days=2), "End": MONDAY + timedelta(days=2, hours=1)}
    await desk.asks_for_change(**ends_as_it_starts)
    await desk.channel("changes").hears("CHG-2", "Waiting for one of")


async def test_a_new_freeze_holds_what_it_catches_and_tells_each_once(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="engineer")
    await freezes(desk)
    await desk.channel("changes").hears("CHG-1", "held by WIN-1", "neither approved nor started")
    await desk.channel("changes").hears("WIN-1", "Holds CHG-1")
    for person in (desk.requester, desk.engineer, desk.approver, desk.manager):
        assert await desk.dm(person).count("CHG-1", "is held by WIN-1", "The books are closed") == 1
    for person, may in ((desk.engineer, True), (desk.approver, False)):
        assert ("Edit" in person.messages("DM")[-1].buttons) is may
    assert desk.outsider.messages("DM") == []


async def test_what_is_held_is_not_approved(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.manager.runs("/change freeze")
    fields = {"Title": "Year-end closing", "To": MONDAY + timedelta(days=2), "Reason": "The books are closed"}
    assert await desk.manager.submits(fields) == {}
    await desk.approver.clicks("Approve", "DM")
    assert "CHG-1 is held by WIN-1 “Year-end closing”, which freezes all services" in desk.approver.notes()[-1]
    await desk.channel("changes").hears("CHG-1", "Waiting for approval, held by WIN-1")
    assert all("Approve" not in message.buttons for message in desk.approver.messages("DM"))
    assert "Nothing waits for your vote" in (await desk.approver.runs("/change approvals")).text


async def test_a_vote_that_is_taken_back_of_what_is_held_waits_for_the_end_of_the_freeze(desk: Desk) -> None:
    """It is neither reminded of nor does its time run out meanwhile."""
    far = {"Start": MONDAY + timedelta(days=12), "End": MONDAY + timedelta(days=12, hours=1)}
    await desk.asks_for_change(**far)
    await desk.approver.clicks("Approve", "DM")
    await freezes(desk, To=MONDAY + timedelta(days=13))
    await desk.approver.runs("/change withdraw CHG-1")
    desk.clock.forward(days=9)
    await desk.channel("changes").hears("CHG-1", "Waiting for approval, held by WIN-1")
    assert not await desk.dm(desk.approver).count("still waits for your vote")
    await lifts(desk, "WIN-1")
    await desk.dm(desk.approver).hears("CHG-1", "can go on", "still waits for your vote")


async def test_what_is_held_is_not_started(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await freezes(desk)
    desk.clock.forward(days=1, hours=1, minutes=5)
    await desk.settles()
    said = (await desk.requester.runs("/change start CHG-1")).text
    assert "CHG-1 is held by WIN-1 “Year-end closing”, which freezes all services until" in said
    card = await desk.channel("changes").hears("CHG-1", "held by WIN-1")
    assert "Approved and scheduled, held by WIN-1" in card


async def test_what_is_held_is_given_to_nobody_else_and_is_said_to_be_held(desk: Desk) -> None:
    """No time was chosen, so none is asked for; the same for an edit of the plan alone."""
    await desk.asks_for_change()
    await freezes(desk)
    said = (await desk.manager.runs("/change assign CHG-1 @engineer")).text
    assert said.startswith("CHG-1 is held by WIN-1 “Year-end closing”, which freezes all services until")
    assert "Choose a time" not in said
    await desk.requester.runs("/change edit CHG-1")
    faults = await desk.requester.submits({"Plan": "Another one: install it on the standby first."})
    assert "CHG-1 is held by WIN-1 “Year-end closing”" in " ".join(faults.values())
    assert "Start" not in faults


async def test_lifting_lets_go_what_was_held_and_says_so(desk: Desk) -> None:
    await desk.asks_for_change()
    await freezes(desk)
    await lifts(desk, "WIN-1")
    await desk.channel("changes").hears("WIN-1", "lifted", "Lifted by @manager", "The books are closed already")
    past = (await desk.requester.runs("/change timeline WIN-1")).text
    assert "@manager made it “Year-end closing”" in past
    assert "@manager lifted it “The books are closed already”" in past
    await desk.dm(desk.requester).hears("WIN-1", "was lifted", "CHG-1", "can go on")
    await desk.dm(desk.approver).hears("CHG-1", "can go on", "still waits for your vote")
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")


async def test_a_freeze_is_lifted_by_its_number_too(desk_on_sqlite: Desk) -> None:
    """What stands on a button can be typed: with a reason it is done, without one the form asks for it."""
    desk = desk_on_sqlite
    await freezes(desk)
    assert "Only members of Change managers" in (await desk.requester.runs("/change lift WIN-1 I need it")).text
    await desk.manager.runs("/change lift WIN-1")
    assert desk.manager.modal
    assert desk.manager.modal.title == "Lift WIN-1"
    await desk.manager.closes()
    said = (await desk.manager.runs("/change lift WIN-1 The books are closed")).text
    assert "WIN-1 is lifted." in said
    await desk.channel("changes").hears("WIN-1", "lifted", "Lifted by @manager", "The books are closed")
    assert "was already lifted by Manager" in (await desk.manager.runs("/change lift WIN-1")).text


async def test_lifting_leaves_held_what_another_freeze_holds(desk: Desk) -> None:
    await desk.asks_for_change()
    await freezes(desk)
    await freezes(desk, "Audit week", Services=["VPN"])
    await lifts(desk, "WIN-1")
    await desk.dm(desk.requester).hears("WIN-1 was lifted, yet CHG-1", "still held by WIN-2 Audit week")
    await desk.channel("changes").hears("CHG-1", "held by WIN-2")
    await desk.channel("changes").hears("WIN-2", "Holds CHG-1")
    await lifts(desk, "WIN-2")
    await desk.dm(desk.requester).hears("WIN-2", "was lifted", "can go on")


async def test_a_freeze_that_is_over_lets_go_by_itself(desk: Desk) -> None:
    await desk.asks_for_change(**TOMORROW | {"End": MONDAY + timedelta(days=3)})
    await desk.approver.clicks("Approve", "DM")
    await freezes(desk)
    desk.clock.forward(days=2)
    await desk.dm(desk.requester).hears("WIN-1", "is over", "CHG-1", "can go on")
    await desk.dm(desk.requester).hears("CHG-1", "was held by", "holds CHG-1 no more")
    assert await desk.dm(desk.requester).count("neither approved nor started") == 0
    await desk.channel("changes").hears("WIN-1", "It ended")
    assert not any("Lift" in one.buttons for one in desk.manager.messages("changes"))
    assert not await desk.channel("changes").count("Holds CHG-1")
    await desk.requester.runs("/change start CHG-1")
    await desk.channel("changes").hears("CHG-1", "Being implemented")


async def test_another_window_frees_what_is_held(desk: Desk) -> None:
    await desk.asks_for_change()
    await freezes(desk)
    await desk.requester.runs("/change edit CHG-1")
    later = {"Start": MONDAY + timedelta(days=3), "End": MONDAY + timedelta(days=3, hours=1)}
    assert await desk.requester.submits(later) == {}
    await desk.settles()
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")
    assert "held" not in (await desk.requester.runs("/change CHG-1")).text.lower()
    assert not await desk.channel("changes").count("Holds CHG-1")


async def test_what_is_given_up_is_held_no_more(desk_on_sqlite: Desk) -> None:
    """By its author, and by a rejection that was being typed, which no freeze holds up."""
    desk = desk_on_sqlite
    for title in ("Upgrade the VPN gateway", "Renew the certificate"):
        await desk.asks_for_change(title)
    await desk.approver.clicks("Reject", "changes", message="CHG-2")
    await freezes(desk)
    await desk.channel("changes").hears("WIN-1", "Holds CHG-1, CHG-2")
    await desk.requester.runs("/change cancel CHG-1")
    assert await desk.requester.submits(Reason="Not this year") == {}
    await desk.channel("changes").hears("WIN-1", "Holds CHG-2")
    assert await desk.approver.submits(Reason="Not this year") == {}
    await desk.settles()
    assert not await desk.channel("changes").count("Holds CHG")


async def test_a_soft_freeze_asks_one_approval_more(desk: Desk) -> None:
    await freezes(desk, Kind="Soft freeze")
    await desk.asks_for_change()
    await desk.channel("changes").hears("CHG-1", "Stage 1 of 2", "soft freeze of all services", "one approval more")
    await desk.approver.clicks("Approve", "DM")
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1")
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_a_new_soft_freeze_takes_back_what_was_approved(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    await freezes(desk, Kind="Soft freeze")
    await desk.channel("changes").hears("CHG-1", "Waiting for approval", "Stage 2 of 2")
    await desk.dm(desk.requester).hears("CHG-1", "falls into a soft freeze", "one approval more")
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_an_emergency_passes_and_its_approvers_see_the_freeze(desk: Desk) -> None:
    await desk.reports()
    await freezes(desk)
    await desk.asks_for_change(Type="Emergency", Incident="INC-1")
    await desk.dm(desk.engineer).hears("CHG-1", "WIN-1 Year-end closing freezes all services")
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @engineer")


async def test_a_freeze_that_repeats_stops_each_time(desk: Desk) -> None:
    await freezes(desk, To=MONDAY + 9 * HOUR, Repeats="By the rule below", Rule="FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4")
    await desk.channel("changes").hears("WIN-1", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", "by the clocks of")
    await desk.requester.runs("/change Upgrade the VPN gateway")
    wednesday = MONDAY + timedelta(days=2)
    faults = await desk.requester.submits(CHANGE | {"Start": wednesday + 8 * HOUR, "End": wednesday + 10 * HOUR})
    assert "freezes all services until Wed 4 Mar 2026 at 18:00 (Europe/London)" in faults["Start"]
    assert await desk.requester.submits({"Start": wednesday + 9 * HOUR, "End": wednesday + 10 * HOUR}) == {}


async def test_bad_windows_are_refused_by_field(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/change freeze")
    fine: dict[str, Any] = {"Title": "Audit", "Reason": "The auditors are here"}
    bad: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"Title": " ", "Reason": " "}, {"Title": "is empty", "Reason": "is empty"}),
        ({"To": MONDAY - HOUR, "From": MONDAY}, {"To": "must end after it starts"}),
        (
            {"From": MONDAY - timedelta(days=2), "To": MONDAY - timedelta(days=1)},
            {"From": "already passed", "To": "already passed"},
        ),
        ({"From": MONDAY, "To": MONDAY + timedelta(days=93)}, {"To": "92 days at the most"}),
        ({"To": MONDAY + HOUR, "Rule": "FREQ=DAILY"}, {"Repeats": "By the rule below"}),
        ({"Repeats": "By the rule below", "Rule": ""}, {"Rule": "is not a recurrence rule"}),
        ({"Rule": "every other Friday"}, {"Rule": "is not a recurrence rule"}),
        ({"Rule": "FREQ=MINUTELY"}, {"Rule": "FREQ must be one of DAILY"}),
        ({"Rule": "FREQ=WEEKLY;BYDAY=TU"}, {"Rule": "the first one would be on Tue 3 Mar 2026"}),
        ({"Rule": "FREQ=DAILY;COUNT=3;UNTIL=20261231"}, {"Rule": "cannot stand in one rule"}),
        ({"Rule": "FREQ=DAILY;BYHOUR=3"}, {"Rule": "BYHOUR cannot stand"}),
        ({"Rule": "", "Repeats": "Every day", "To": MONDAY + timedelta(days=2)}, {"Repeats": "begin again before"}),
    ]
    for given, wanted in bad:
        faults = await desk.manager.submits(fine | given)
        assert list(faults) == list(wanted), (given, faults)
        assert all(words in faults[field] for field, words in wanted.items()), faults
    assert await desk.manager.submits({"Repeats": "It does not"}) == {}
    assert "WIN-1" in (await desk.manager.runs("/change windows")).text


async def test_lifting_wants_a_reason_and_happens_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await freezes(desk)
    await desk.manager.clicks("Lift", "changes")
    assert "is empty" in (await desk.manager.submits(Reason=" "))["Reason"]
    assert await desk.manager.submits(Reason="Done") == {}
    await desk.settles()
    assert "Nothing is frozen" in (await desk.manager.runs("/change windows")).text


async def test_where_the_policy_spares_none_an_emergency_waits_too_and_no_glass_is_broken(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk, "[changes]\nfreeze_spares_emergencies = false\n")
    await desk.reports()
    await freezes(desk)
    await desk.requester.runs("/change Restart the gateway")
    assert "Start" in await desk.requester.submits(CHANGE | {"Type": "Emergency", "Incident": "INC-1"})
    await desk.agent.runs("/change break-glass Restart the gateway")
    given = {
        "Service": "VPN",
        "Incident": "INC-1",
        "Why": "Nobody can work",
        "Plan": "Restart",
        "Backout plan": "None",
    }
    faults = await desk.agent.submits(given)
    assert "WIN-1 “Year-end closing” freezes all services" in " ".join(faults.values())


async def test_a_standard_change_stays_out_of_hard_freezes_and_passes_soft_ones(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await agreed(desk)
    await freezes(desk, Kind="Soft freeze")
    await uses(desk, 2)
    await desk.channel("changes").hears("CHG-2", "Scheduled as a standard change", "soft freeze")
    await freezes(desk, "Audit week")
    await desk.channel("changes").hears("CHG-2", "held by WIN-2")
    await desk.requester.runs("/change standard")
    await desk.requester.clicks("Use")
    now = desk.clock.now()
    faults = await desk.requester.submits({"Why": "It expires", "Start": now + HOUR, "End": now + 2 * HOUR})
    assert "WIN-2 “Audit week” freezes all services" in faults["Start"]
