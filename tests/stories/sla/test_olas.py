"""What groups and suppliers owe the desk: told to them, shown apart, never a breach of what customers were promised."""

from datetime import timedelta

from cast import Desk
from promises import clock_of, on_record, under
from sqlmodel import col, select

from bot.rules.record.facts import FactKind
from storage.tables import Clock, Timer

OWED = """
[operational_targets.cab]
any = { response = "10m", resolution = "1h" }
[suppliers.carrier]
title = "Carrier <Ltd>"
manager = "cab"
services = ["vpn"]
targets = { any = { resolution = "2h" } }
"""
SLOW = '[targets.P1]\nresponse = "1d"\nresolution = "2d"\n'
"""What customers were promised is far off."""
CAB = "resolution:group:cab"


async def test_a_groups_clock_runs_while_the_group_has_the_incident(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    started = (await clock_of(desk, CAB)).started_at
    desk.clock.forward(minutes=30)
    await desk.agent.runs("/incident assign INC-1 @agent")
    held = await clock_of(desk, CAB)
    assert (held.state, held.pause_reason) == ("paused", "elsewhere")
    desk.clock.forward(days=1)
    await desk.agent.runs("/incident assign INC-1 cab")
    assert (await clock_of(desk, CAB)).state == "running"
    desk.clock.forward(minutes=31)
    await desk.settles()
    broken = await clock_of(desk, CAB)
    assert broken.state == "breached"
    assert broken.breached_at is not None
    assert broken.breached_at - started == timedelta(days=1, hours=1)
    assert (await clock_of(desk, "resolution")).state == "running", "no breach of what customers were promised"


async def test_a_group_is_told_of_its_part_and_customers_are_not(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    await desk.channel("service-desk").hears("INC-1", "Response by Change advisory board due")
    desk.clock.forward(minutes=8)
    await desk.dm(desk.engineer).hears("Response by Change advisory board: target at risk", "INC-1", "OLA")
    assert await desk.channel("service-desk").count("target at risk") == 0
    desk.clock.forward(minutes=3)
    await desk.channel("service-desk").hears("Response by Change advisory board: target breached", "INC-1")
    await desk.dm(desk.engineer).hears("Response by Change advisory board: target breached")
    desk.clock.forward(hours=1)
    await desk.channel("service-desk").hears("Resolution by Change advisory board: target breached")
    assert await desk.channel("service-desk").count("promise breached") == 0
    assert await desk.dm(desk.requester).count("by Change advisory board") == 0


async def test_who_takes_it_in_time_has_answered(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(minutes=5)
    await desk.engineer.runs("/incident start INC-1")
    assert (await clock_of(desk, "response:group:cab")).state == "met"
    await desk.engineer.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    assert (await clock_of(desk, CAB)).state == "met"
    story = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "the clock “response by cab” started" in story
    assert "“resolution by cab” was done in time" in story
    desk.clock.forward(days=3)
    assert await desk.channel("service-desk").count("target") == 0
    async with desk.bot.database.read() as tx:
        left = await tx.exec(select(Timer).where(col(Timer.fired_at).is_(None), col(Timer.cancelled_at).is_(None)))
        assert [one.kind for one in left if ":" in one.kind] == []


async def test_a_suppliers_clock_runs_while_the_desk_waits_for_it(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 vendor They send a part")
    await desk.channel("service-desk").hears("Resolution paused, waiting for vendor", "Resolution by Carrier <Ltd> due")
    desk.clock.forward(minutes=91)
    await desk.dm(desk.engineer).hears("Resolution by Carrier <Ltd>: target at risk", "underpinning contract")
    desk.clock.forward(minutes=30)
    await desk.channel("service-desk").hears("Resolution by Carrier <Ltd>: target breached")
    await desk.agent.runs("/incident resume INC-1")
    first = await clock_of(desk, "resolution:supplier:carrier")
    assert (first.cycle, first.state, first.ended_at is not None) == (1, "breached", True)
    await desk.agent.runs("/incident pend INC-1 customer They try it")
    assert (await clock_of(desk, "resolution:supplier:carrier")).cycle == 1, "nobody waits for the supplier"
    await desk.agent.runs("/incident resume INC-1")
    await desk.agent.runs("/incident pend INC-1 vendor Another part")
    second = await clock_of(desk, "resolution:supplier:carrier")
    assert (second.cycle, second.state) == (2, "running")


async def test_what_others_owe_is_shown_and_counted_apart(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(minutes=11)
    await desk.settles()
    board = (await desk.agent.runs("/sla")).text
    promised, owed = board.split("Owed by groups and suppliers")
    assert "None was broken since yesterday" in promised
    assert "Change advisory board" not in promised
    assert "Response by Change advisory board breached, was due" in owed
    assert "Resolution by Change advisory board due" in owed
    await desk.engineer.runs("/incident start INC-1")
    await desk.engineer.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    service = (await desk.agent.runs("/sla service vpn")).text
    assert "Response: 1 of 1 kept (100 %)" in service
    assert "Response by Change advisory board: 0 of 1 kept (0 %)" in service
    assert "Resolution by Change advisory board: 1 of 1 kept (100 %)" in service


async def test_why_tells_every_interval_of_what_others_owe(desk: Desk) -> None:
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(minutes=10)
    await desk.agent.runs("/incident assign INC-1 @agent")
    await desk.settles()
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "Resolution by Change advisory board, operational target (OLA)" in why.replace("*", "")
    assert "of 1 h counted so far" in why
    desk.clock.forward(minutes=10)
    await desk.agent.runs("/incident assign INC-1 cab")
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "paused while somebody else had it" in why
    assert "1 h counted = the target of 1 h" in why


async def test_a_groups_breach_is_excused_by_its_own_name(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, OWED + SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(minutes=11)
    await desk.settles()
    await desk.manager.runs("/sla excuse INC-1")
    assert str(desk.manager.modal.value("Promise")).startswith("Response by Change advisory board, due")
    assert await desk.manager.submits(Reason="They were at the recovery site") == {}
    [excuse] = await on_record(desk, FactKind.SLA_EXCUSED)
    assert excuse.data["clock"] == "response:group:cab"
    assert (await clock_of(desk, "response")).excused_by is None


async def test_a_policy_that_has_somebody_owe_something_begins_with_its_first_moment(desk: Desk) -> None:
    await under(desk, SLOW)
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(hours=3)
    await desk.settles()
    now = desk.clock.now()
    await under(desk, OWED + SLOW)
    assert (await clock_of(desk, CAB)).started_at == now
    await under(desk, SLOW)
    assert (await clock_of(desk, CAB)).state == "cancelled"
    desk.clock.forward(hours=2)
    assert await desk.channel("service-desk").count("target breached") == 0


async def test_a_merger_and_a_cancellation_end_what_others_owe(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, OWED + SLOW)
    await desk.reports()
    for number, other in ((2, "mouse is stuck"), (3, "coffee is cold")):
        await desk.reports(other)
        await desk.agent.runs(f"/incident assign INC-{number} cab")
    await desk.agent.runs("/incident merge INC-2 INC-1")
    await desk.agent.runs("/incident cancel INC-3 It was a mistake")
    await desk.settles()
    assert [(await clock_of(desk, CAB, f"INC-{number}")).state for number in (2, 3)] == ["cancelled"] * 2
    async with desk.bot.database.read() as tx:
        others = list(await tx.exec(select(Clock).where(Clock.owner != "desk")))
    assert {one.subject for one in others} == {"INC-2", "INC-3"}, "the desk itself owes nothing here"


async def test_without_a_word_in_the_policy_nobody_owes_the_desk_anything(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    await desk.agent.runs("/incident pend INC-1 vendor They send a part")
    async with desk.bot.database.read() as tx:
        assert {one.name for one in await tx.exec(select(Clock))} == {"response", "resolution"}
    assert "Owed by" not in (await desk.agent.runs("/sla")).text
