"""The service level review: what was kept, each shortfall, and the action that it is traced to."""

from cast import Desk
from stories.report.test_issued_reports import adopt

from storage.workspace import people


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
    assert "INC-1: response broken: ACT-1 Add a second gateway (open, due Fri 6 Mar 2026)" in shown
    assert "without an action" not in shown
    await desk.manager.runs("/sla excuse INC-1")
    assert await desk.manager.submits(Reason="The carrier cut the line") == {}
    assert "INC-1: response broken, excused" in (await desk.manager.runs("/report levels this week vpn")).text


LEVELS = """
[groups.sales]
title = "Sales"
usergroup = "sales"
[customers.sales]
title = "Sales & Co"
group = "sales"
services = ["vpn"]
[reports.levels]
title = "Service levels of Sales"
every = "week"
zone = "UTC"
channel = "service-desk"
figures = ["resolution-kept"]
service_levels = true
customer = "sales"
"""


async def test_the_review_of_a_customer_is_of_what_its_people_reported_and_is_frozen_as_a_report(desk: Desk) -> None:
    await adopt(desk, LEVELS)
    async with desk.bot.database.begin() as tx:
        await people.set_members(tx, "sales", [desk.requester.id])
    await desk.reports()
    await desk.outsider.runs("/incident VPN drops again")
    assert not await desk.outsider.submits(Impact="Everyone", Urgency="High", Service="VPN")
    desk.clock.forward(hours=1)
    await desk.settles()
    shown = (await desk.manager.runs("/report levels this week VPN for sales")).text.replace("*", "")
    assert "Service level review of VPN for Sales & Co" in shown
    assert "P1: response within 15 minutes 0 % (0 of 1)" in shown
    assert "INC-2" not in shown, "somebody else's"
    assert (
        "no customer “nobody”. There are “Sales & Co”." in (await desk.manager.runs("/report levels for nobody")).text
    )
    desk.clock.forward(days=7)
    channel = desk.channel("service-desk")
    said = await channel.hears("Service levels of Sales: week from 2 March", "1 shortfall, 1 of them without an action")
    assert "RPT-1" in said
    await channel.hears("Service level review of all services for Sales & Co", "INC-1", "nothing is promised yet")
    await desk.agent.runs("/incident action INC-1 @engineer friday Add a second gateway")
    await desk.manager.runs("/report correct RPT-1 An action was promised")
    await channel.hears("Corrected", "INC-1", "ACT-1 Add a second gateway")
    assert "nothing is promised yet" in await channel.hears("All figures of Service levels"), "what was shown stays"
