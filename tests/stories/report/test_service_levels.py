"""The service level review: what was kept, each shortfall, and the action that it is traced to."""

from cast import Desk


async def test_each_broken_promise_is_traced_to_what_is_done_about_it(desk: Desk) -> None:
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.agent.runs("/incident ack INC-2")
    desk.clock.forward(hours=1)
    await desk.settles()
    assert "VPN" in (await desk.agent.runs("/report levels this week VPN")).text, "its owner sees a service"
    assert "are shown to Change managers" in (await desk.outsider.runs("/report levels this week VPN")).text
    shown = (await desk.manager.runs("/report levels this week vpn")).text.replace("*", "")
    assert "P1: response within 15 minutes 0 % (0 of 1), resolution within 4 hours –" in shown
    assert "1 shortfall, :warning: 1 without an action" in shown
    assert "INC-1: response broken: nothing is promised yet" in shown
    assert "INC-2" not in shown
    await desk.agent.runs("/incident problem INC-1")
    if desk.agent.modal is not None:
        assert not await desk.agent.submits()
    await desk.agent.runs("/problem action PRB-1 @engineer friday Add a second gateway")
    shown = (await desk.manager.runs("/report levels this week")).text.replace("*", "")
    assert "INC-1: response broken: ACT-1 Add a second gateway (open, due 2026-03-06)" in shown
    assert "without an action" not in shown
    await desk.manager.runs("/sla excuse INC-1")
    assert await desk.manager.submits(Reason="The carrier cut the line") == {}
    assert "INC-1: response broken, excused" in (await desk.manager.runs("/report levels this week vpn")).text
