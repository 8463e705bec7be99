"""What a form says before anybody asks: the risk, who is asked, what a freeze would hold, and who may not begin."""

from cast import CHANGE, Desk


async def test_the_form_says_the_risk_and_who_is_asked(desk: Desk) -> None:
    await desk.requester.runs("/change VPN: upgrade the gateway")
    said = desk.requester.modal.text
    assert "Risk: Medium (10 of 24). 8 answers are assumed" in said
    assert "Approval: it asks one of Change approvers." in said
    await desk.requester.fills(CHANGE)
    await desk.requester.clicks("Answer the risk questions")
    assert "Assumed: On paper" in desk.requester.modal.text
    assert await desk.requester.submits({"Has the way back been proven?": "There is no way back"}) == {}
    said = desk.requester.modal.text
    assert "Risk: ⚠️ High" in said or "High (12 of 24)" in said
    assert "7 answers are assumed" in said
    assert "You answered that there is no way back" in said
    assert "it asks one of Change approvers. Then it asks 2 of" in said


async def test_who_may_not_break_the_glass_is_offered_an_emergency_change(desk: Desk) -> None:
    await desk.reports("VPN is down")
    await desk.engineer.runs("/change break-glass VPN: restart the gateway")
    form = desk.engineer.modal
    assert form.title == "Ask for a change"
    assert "Only members of Change managers and Service desk may begin" in form.text
    assert "INC-1 VPN is down" in form.text
    assert (form.value("Title"), form.value("Type")) == ("VPN: restart the gateway", "Emergency")
    asked = {"Why": "Nobody can work", "Plan": "Restart it", "Backout plan": "None is needed", "Incident": "INC-1"}
    assert await desk.engineer.submits(asked) == {}
    await desk.channel("changes").hears("CHG-1", "Waiting for approval", "Emergency", "for INC-1")
    await desk.agent.runs("/change break-glass VPN: restart the gateway")
    assert desk.agent.modal.value("Incident") == "INC-1"


async def test_a_freeze_says_what_it_would_hold(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await desk.manager.runs("/change freeze")
    assert "No change that is asked for falls into it" in desk.manager.modal.text
    await desk.manager.fills({"To": desk.clock.now().replace(day=4)})
    assert "Once made it holds CHG-1 Upgrade the VPN gateway" in desk.manager.modal.text
    await desk.manager.fills({"Kind": "Soft freeze"})
    assert "it asks one approval more of CHG-1" in desk.manager.modal.text
    await desk.manager.fills({"Services": ["Email"]})
    assert "No change that is asked for falls into it" in desk.manager.modal.text


async def test_what_a_title_has_no_room_for_is_kept(desk_on_sqlite: Desk) -> None:
    for command in ("change", "change break-glass"):
        await desk_on_sqlite.agent.runs(f"/{command} VPN: {'restart the gateway ' * 20}until it holds")
        assert str(desk_on_sqlite.agent.modal.value("Why")).endswith("until it holds")
        await desk_on_sqlite.agent.closes()
