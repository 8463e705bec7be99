"""Promises: rung before they break, recorded when they do, silent when they are kept."""

import pytest
from cast import Desk, open_desk

pytestmark = pytest.mark.every_road


async def test_a_breached_incident_rings_the_team_channel(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(minutes=16)
    await desk.channel("service-desk").hears("INC-1", "response", "breached")


async def test_a_promise_at_risk_rings_at_three_quarters_and_the_card_keeps_up(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(minutes=11)
    assert await desk.channel("service-desk").count("promise at risk") == 0
    desk.clock.forward(minutes=1)
    await desk.channel("service-desk").hears("Response promise at risk", "INC-1", "with nobody yet")
    desk.clock.forward(minutes=4)
    await desk.channel("service-desk").hears("Response promise breached", "INC-1")
    await desk.channel("service-desk").hears("Response breached, was due", "INC-1", "Resolution due")
    assert await desk.channel("service-desk").count("response promise") == 1, "the warning gives way to the breach"


async def test_acknowledged_in_time_rings_nobody(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(minutes=10)
    await desk.agent.clicks("I'm on it", "service-desk")
    desk.clock.forward(minutes=60)
    assert await desk.channel("service-desk").count("response promise") == 0


async def test_the_assignee_is_rung_too(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("I'm on it", "service-desk")
    desk.clock.forward(hours=3, minutes=5)
    await desk.dm(desk.agent).hears("Resolution promise at risk", "INC-1", "with @agent")
    assert await desk.channel("service-desk").count("Resolution promise") == 0, "nobody else is called on the way"
    desk.clock.forward(hours=1)
    await desk.dm(desk.agent).hears("Resolution promise breached", "INC-1")
    assert await desk.dm(desk.agent).count("at risk") == 0, "the warning gave way to the breach"


async def test_after_an_outage_across_both_thresholds_only_the_breach_is_told(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(hours=1)
    await desk.channel("service-desk").hears("Response promise breached")
    assert await desk.channel("service-desk").count("response promise at risk") == 0


async def test_acknowledged_too_late_stays_a_breach(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(minutes=20)
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent", "Response breached")


async def test_a_restart_loses_no_reminder(sqlite_url: str) -> None:
    async with open_desk(sqlite_url) as before:
        await before.reports()
        at, rings = before.clock.now(), before.slack
    async with open_desk(sqlite_url, at=at) as after:
        after.slack.channel("service-desk")
        after.clock.forward(minutes=12)
        await after.channel("service-desk").hears("Response promise at risk", "INC-1")
        after.clock.forward(minutes=4)
        await after.channel("service-desk").hears("Response promise breached", "INC-1")
    assert rings is not after.slack


async def test_work_goes_on_while_the_machines_clock_was_set_back(desk: Desk) -> None:
    await desk.reports()
    desk.clock.set_back(hours=2)
    for typed in ("ack", "pend INC-1 vendor parts", "resume", "resolve INC-1 Restarted"):
        verb, _, rest = typed.partition(" ")
        assert "went wrong" not in (await desk.agent.runs(f"/incident {verb} {rest or 'INC-1'}")).text
        desk.clock.forward(minutes=1)
    shown = (await desk.agent.runs("/incident INC-1")).text
    assert all(words in shown for words in ("Resolved", "Response in time", "Resolution in time"))
