"""What happens to a promise on its way: pauses, other targets, reopenings, mergers, another policy."""

from datetime import timedelta

from cast import Desk
from promises import clock_of, on_record, under

from bot.rules.record.facts import FactKind


async def test_a_pause_holds_the_clock_and_the_card_says_why_and_since_when(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(hours=2)
    await desk.agent.runs("/incident pend INC-1 customer They look for the serial number")
    await desk.channel("service-desk").hears("Resolution paused, waiting for customer since", "left")
    desk.clock.forward(days=3)
    assert await desk.channel("service-desk").count("resolution promise") == 0
    await desk.agent.runs("/incident resume INC-1")
    await desk.channel("service-desk").hears("INC-1", "Resolution due")
    desk.clock.forward(minutes=55)
    assert await desk.dm(desk.agent).count("resolution promise") == 0
    desk.clock.forward(minutes=10)
    await desk.dm(desk.agent).hears("Resolution promise at risk")


async def test_waiting_for_what_the_policy_does_not_name_holds_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[sla]\npauses_on = ["customer"]')
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 vendor They send a part")
    desk.clock.forward(hours=5)
    await desk.channel("service-desk").hears("Resolution promise breached")


async def test_a_higher_priority_that_is_overspent_is_a_breach_now_told_once(desk: Desk) -> None:
    await desk.reports(Impact="Medium", Urgency="Medium")
    opened = (await clock_of(desk, "response")).started_at
    desk.clock.forward(hours=1)
    await desk.agent.runs("/incident priority INC-1 P1 The whole office is affected")
    await desk.channel("service-desk").hears("Response promise breached", "INC-1")
    desk.clock.forward(hours=1)
    assert await desk.channel("service-desk").count("response promise") == 1
    [breach] = await on_record(desk, FactKind.SLA_BREACHED)
    assert breach.at == opened + timedelta(minutes=15), "the instant at which the goal was crossed"
    assert (await clock_of(desk, "resolution")).due_at == opened + timedelta(hours=4)


async def test_a_lower_priority_puts_the_deadline_off_and_erases_no_breach(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.clock.forward(minutes=20)
    await desk.settles()
    await desk.agent.runs("/incident priority INC-1 P3 One person only")
    assert (await clock_of(desk, "response")).state == "breached"
    resolution = await clock_of(desk, "resolution")
    assert resolution.due_at == resolution.started_at + timedelta(days=2)
    assert await desk.channel("service-desk").count("resolution promise") == 0


async def test_what_is_reopened_runs_on_with_what_was_left(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(hours=2)
    await desk.agent.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    await desk.settles()
    desk.clock.forward(days=1)
    now = desk.clock.now()
    await desk.agent.runs("/incident reopen INC-1 It is down again")
    resolution = await clock_of(desk, "resolution")
    assert resolution.state == "running"
    left = resolution.due_at - now
    assert timedelta(hours=1, minutes=59) < left < timedelta(hours=2, minutes=1)
    assert (await clock_of(desk, "response")).ended_at is not None, "what was answered stays answered"
    desk.clock.forward(hours=2, minutes=1)
    await desk.channel("service-desk").hears("Resolution promise breached")


async def test_a_reopening_may_start_the_promise_anew(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[sla]\nreopen = "new cycle"')
    await desk.reports()
    desk.clock.forward(hours=5)
    await desk.settles()
    await desk.agent.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    await desk.agent.runs("/incident reopen INC-1 It is down again")
    anew = await clock_of(desk, "resolution")
    assert (anew.cycle, anew.state) == (2, "running")
    assert anew.due_at == desk.clock.now() + timedelta(hours=4)
    desk.clock.forward(hours=4, minutes=1)
    assert await desk.channel("service-desk").count("resolution promise breached") == 1, "one a cycle"
    await desk.channel("service-desk").hears("INC-1", "Resolution breached, was due", "done")
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "Resolution, round 2" in why


async def test_a_merger_cancels_what_was_promised(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.reports("VPN is down too")
    await desk.agent.runs("/incident merge INC-2 INC-1")
    await desk.settles()
    assert {one.state for one in [await clock_of(desk, kind, "INC-2") for kind in ("response", "resolution")]} == {
        "cancelled"
    }
    desk.clock.forward(hours=1)
    assert await desk.channel("service-desk").count("promise breached", "INC-1") == 1
    assert await desk.channel("service-desk").count("promise breached", "INC-2") == 0


async def test_running_clocks_follow_a_new_policy_from_its_first_moment_on(desk: Desk) -> None:
    await desk.reports()
    opened = (await clock_of(desk, "response")).started_at
    desk.clock.forward(minutes=8)
    await under(desk, '[targets.P1]\nresponse = "10m"')
    response = await clock_of(desk, "response")
    assert (response.due_at, response.policy_version) == (opened + timedelta(minutes=10), 2)
    await desk.channel("service-desk").hears("Response promise at risk")
    [changed] = await on_record(desk, FactKind.SLA_RETARGETED)
    assert changed.policy_version == 2
    desk.clock.forward(minutes=3)
    await desk.channel("service-desk").hears("Response promise breached")


async def test_a_policy_that_changes_no_target_leaves_no_trace_on_the_clocks(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await under(desk, '[services.vpn]\nname = "Remote access"')
    assert await on_record(desk, FactKind.SLA_RETARGETED) == []
    assert (await clock_of(desk, "response")).policy_version == 2
    desk.clock.forward(minutes=16)
    await desk.channel("service-desk").hears("Response promise breached")


async def test_resolved_exactly_at_the_deadline_is_met(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    due_at = (await clock_of(desk, "response")).due_at
    desk.clock.forward(seconds=(due_at - desk.clock.now()).total_seconds())
    await desk.bot.jobs.sweep()
    await desk.agent.runs("/incident ack INC-1")
    assert (await clock_of(desk, "response")).state == "met"
