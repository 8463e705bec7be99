"""Who begins an emergency change for an incident is on that incident."""

from cast import Desk
from change_steps import BEGUN


async def test_who_breaks_the_glass_for_an_incident_is_on_it(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/change break-glass VPN: restart the gateway")
    assert not await desk.agent.submits(BEGUN | {"Incident": "INC-1"})
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    desk.clock.forward(minutes=20)
    assert await desk.channel("service-desk").count("Response promise breached") == 0
    assert "nobody yet" not in (await desk.requester.runs("/incident INC-1")).text


async def test_an_incident_that_somebody_has_stays_with_them(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 @engineer")
    await desk.agent.runs("/change break-glass VPN: restart the gateway")
    assert not await desk.agent.submits(BEGUN | {"Incident": "INC-1"})
    assert "with @engineer" in (await desk.requester.runs("/incident INC-1")).text
