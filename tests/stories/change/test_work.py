"""Drafts and steps of the form, the work itself, emergencies, and what a policy asks for afterwards."""

from datetime import timedelta

from cast import CHANGE, MONDAY, Desk


async def approved(desk: Desk, **fields: object) -> None:
    await desk.asks_for_change(**fields)
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()


def on_the_card(desk: Desk) -> list[str]:
    return [one.buttons for one in desk.requester.messages("changes") if "CHG-1" in one.text][-1]


async def test_a_change_is_started_finished_and_closed(desk: Desk) -> None:
    await approved(desk)
    assert "window of CHG-1 opens" in (await desk.requester.runs("/change start CHG-1")).text
    assert "Start" not in on_the_card(desk), "it would be refused"
    await desk.requester.runs("/change CHG-1")
    assert "Start" not in desk.requester.messages("general")[-1].buttons
    desk.clock.forward(days=1, hours=1)
    await desk.settles()
    assert "Start" in on_the_card(desk)
    await desk.requester.clicks("Start", "changes")
    await desk.channel("changes").hears("CHG-1", "being implemented")
    desk.clock.forward(minutes=30)
    await desk.requester.clicks("Finish", "changes")
    assert await desk.requester.submits(Outcome="Success") == {}
    await desk.channel("changes").hears("CHG-1", "In review (success)")
    await desk.requester.clicks("Close", "changes")
    assert await desk.requester.submits() == {}
    await desk.channel("changes").hears("CHG-1", "Closed (success)", "Began")


async def test_a_card_that_is_asked_for_after_the_window_has_no_start(desk_on_sqlite: Desk) -> None:
    """Also before the reminder has rung that says that it was missed."""
    desk = desk_on_sqlite
    await approved(desk)
    desk.clock.forward(days=4)
    await desk.requester.runs("/change CHG-1")
    shown = desk.requester.messages("general")[-1].buttons
    assert "More…" in shown
    assert "Start" not in shown, "it would be refused"
    assert "window of CHG-1 closed" in (await desk.requester.runs("/change start CHG-1")).text


async def test_a_change_that_failed_is_reviewed_before_it_is_closed(desk: Desk) -> None:
    await approved(desk)
    desk.clock.forward(days=1, hours=1)
    await desk.requester.runs("/change start CHG-1")
    await desk.requester.runs("/change finish CHG-1")
    assert "What happened" in await desk.requester.submits(Outcome="Backed out")
    inverted = {"Began": desk.clock.now(), "Ended": desk.clock.now() - timedelta(minutes=9), "What happened": "No luck"}
    assert list(await desk.requester.submits(inverted)) == ["Ended"]
    assert list(await desk.requester.submits({"Ended": desk.clock.now() + timedelta(hours=1)})) == ["Ended"]
    unknown = {"Ended": desk.clock.now(), "Caused incident": "INC-9"}
    assert list(await desk.requester.submits(unknown)) == ["Caused incident"]
    assert await desk.requester.submits({"Caused incident": ""}) == {}
    await desk.requester.runs("/change close CHG-1")
    assert "did not go as planned" in desk.requester.modal.text
    assert "Review" in await desk.requester.submits(Review=" ")
    assert await desk.requester.submits(Review="Test the standby first") == {}
    await desk.channel("changes").hears("CHG-1", ":x:", "Closed (backed out)", "Test the standby first")
    for typed in ("list closed", "calendar"):
        shown = (await desk.requester.runs(f"/change {typed}")).text
        assert ":white_check_mark:" not in shown
        assert ":x:" in shown, typed


async def test_a_change_is_cancelled_before_it_begins_and_not_after(desk: Desk) -> None:
    await approved(desk)
    assert "Only who asked for it" in (await desk.outsider.runs("/change cancel CHG-1")).text
    desk.clock.forward(days=1, hours=1)
    await desk.requester.runs("/change start CHG-1")
    assert "cannot be cancelled" in (await desk.requester.runs("/change cancel CHG-1")).text
    await desk.asks_for_change("Another")
    await desk.requester.runs("/change cancel CHG-2")
    assert "Reason" in await desk.requester.submits(Reason=" ")
    assert await desk.requester.submits(Reason="Not needed any more") == {}
    await desk.channel("changes").hears("CHG-2", "Cancelled", "Not needed any more")
    assert desk.approver.messages("DM")[-1].buttons == []


async def test_a_draft_is_kept_and_gone_on_with(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    await desk.requester.fills({"Plan": "First the standby"})
    await desk.requester.clicks("Keep as a draft", where="modal")
    assert "CHG-1 is kept" in desk.requester.modal.text
    await desk.requester.closes()
    assert "No change is open" in (await desk.requester.runs("/change list")).text
    assert "Only who asked for it" in (await desk.outsider.runs("/change edit CHG-1")).text
    await desk.requester.runs("/change edit CHG-1")
    assert desk.requester.modal.value("Plan") == "First the standby"
    assert await desk.requester.submits(CHANGE) == {}
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_the_steps_of_the_form_are_gone_to_and_come_back_from(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    await desk.requester.fills({"Why": "Support ends", "Service": "VPN"})
    await desk.requester.clicks("Add details", where="modal")
    assert await desk.requester.submits({"Test plan": "Sign in", "Other services it touches": ["Email"]}) == {}
    assert desk.requester.modal.value("Why") == "Support ends"
    await desk.requester.clicks("Answer the risk questions", where="modal")
    answers = {"How involved is it?": "Many steps by several teams", "Has it been tested?": "Not at all"}
    assert await desk.requester.submits(answers) == {}
    assert await desk.requester.submits(CHANGE) == {}
    card = await desk.channel("changes").hears("CHG-1", "VPN, Email", "Sign in", "Medium (14 of 24)")
    assert "How involved is it? Many steps by several teams." in card


async def test_no_way_back_on_a_critical_service_needs_the_board_too(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    await desk.requester.fills(CHANGE)
    await desk.requester.clicks("Answer the risk questions", where="modal")
    await desk.requester.submits({"Has the way back been proven?": "There is no way back"})
    assert await desk.requester.submits() == {}
    await desk.channel("changes").hears("High (", "There is no way back on a critical service", "Stage 1 of 2")


async def test_an_emergency_names_its_incident(desk: Desk) -> None:
    await desk.reports()
    await desk.requester.runs("/change Mend the VPN")
    assert list(await desk.requester.submits(CHANGE | {"Type": "Emergency"})) == ["Incident"]
    assert list(await desk.requester.submits({"Incident": "INC-7"})) == ["Incident"]
    assert await desk.requester.submits({"Incident": "inc-1"}) == {}
    await desk.channel("changes").hears("CHG-1", "Emergency", "INC-1", "Waiting for one of")
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1")


async def test_the_glass_is_broken_by_few_and_approved_afterwards(desk: Desk) -> None:
    await desk.reports()
    begun = {key: CHANGE[key] for key in ("Service", "Plan", "Backout plan")} | {"Incident": "INC-1"}
    await desk.outsider.runs("/change break-glass Mend the VPN")
    assert desk.outsider.modal.title == "Ask for a change"
    await desk.outsider.closes()
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert await desk.agent.submits(begun | {"Why": "Nobody can work"}) == {}
    await desk.channel("changes").hears("CHG-1", "Being implemented, not approved yet", "Waiting for one of")
    await desk.agent.runs("/change finish CHG-1")
    assert await desk.agent.submits() == {}
    assert "has not been given yet" in str(await _closes(desk))
    desk.clock.forward(days=2, minutes=1)
    await desk.channel("changes").hears("CHG-1", "was begun without approval")
    await desk.manager.clicks("Approve", "DM", message="asks for your approval")
    await desk.channel("changes").hears("CHG-1", "In review (success)", "Approved by @manager")
    assert await _closes(desk) == {}


async def _closes(desk: Desk) -> dict[str, str]:
    await desk.agent.runs("/change close CHG-1")
    return await desk.agent.submits(Review="It could not wait")


async def test_a_window_that_has_closed_is_not_begun(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await approved(desk, Start=MONDAY + timedelta(hours=1), End=MONDAY + timedelta(hours=2))
    desk.clock.forward(hours=2)
    assert "window of CHG-1 closed" in (await desk.requester.runs("/change start CHG-1")).text
