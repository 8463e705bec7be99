"""A major incident's next update is a promise: a clock whose every round is met, or on record as late."""

from datetime import timedelta

from cast import Desk
from promises import clock_of, on_record, under
from sqlmodel import col, select

from bot.rules.record.facts import FactKind
from storage.tables import Clock

NAME = "inc-1-vpn-is-down"


async def declared(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident major INC-1")
    await desk.settles()


async def updates(desk: Desk) -> list[tuple[int, str]]:
    async with desk.bot.database.read() as tx:
        found = await tx.exec(select(Clock).where(Clock.kind == "update").order_by(col(Clock.cycle)))
        return [(one.cycle, one.state) for one in found]


async def told(desk: Desk, words: str = "Still looking") -> None:
    await desk.agent.runs("/incident status INC-1")
    assert await desk.agent.submits({"Update": words}) == {}
    await desk.settles()


async def test_each_update_keeps_the_promise_of_it_and_makes_the_next(desk: Desk) -> None:
    await declared(desk)
    first = await clock_of(desk, "update")
    assert first.due_at - first.started_at == timedelta(minutes=30)
    desk.clock.forward(minutes=20)
    await told(desk)
    assert await updates(desk) == [(1, "met"), (2, "running")]
    await desk.channel("service-desk").hears("INC-1", "Next update due")
    desk.clock.forward(minutes=31)
    await desk.channel(NAME).hears("is late")
    await desk.channel("service-desk").hears("INC-1", "Next update breached, was due")
    assert await updates(desk) == [(1, "met"), (2, "breached")]
    await told(desk)
    assert await updates(desk) == [(1, "met"), (2, "breached"), (3, "running")]
    [breach] = await on_record(desk, FactKind.SLA_BREACHED)
    assert (breach.data["clock"], breach.data["cycle"]) == ("update", 2)
    assert [fact.data["cycle"] for fact in await on_record(desk, FactKind.SLA_MISSED)] == [2]


async def test_an_update_of_the_incident_is_one_of_the_major_incident_too(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    desk.clock.forward(minutes=20)
    await desk.agent.runs("/incident update INC-1 We look at the gateway")
    for channel in (NAME, "major-incidents"):
        await desk.channel(channel).hears("Investigating", "We look at the gateway", "Next update by")
    assert await desk.dm(desk.requester).count("We look at the gateway") == 1
    assert await updates(desk) == [(1, "met"), (2, "running")]
    desk.clock.forward(minutes=20)
    assert await desk.channel(NAME).count("is late") == 0


async def test_a_late_update_rings_as_the_cadence_has_it_and_no_second_time(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    desk.clock.forward(minutes=31)
    assert await desk.channel(NAME).count("is late") == 1
    assert await desk.channel("service-desk").count("update promise") == 0
    assert await desk.dm(desk.agent).count("update promise") == 0
    assert await on_record(desk, FactKind.SLA_WARNED) == []


async def test_why_and_the_board_know_the_next_update(desk: Desk) -> None:
    await declared(desk)
    assert "Next update due" in (await desk.agent.runs("/sla")).text
    desk.clock.forward(minutes=10)
    await told(desk)
    desk.clock.forward(minutes=31)
    await desk.settles()
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "Next update, round 2" in why
    assert why.count("counted = the target of") == 2
    assert "15 min, by day and night" in why
    assert "of 15 min spent, done today at 9:00 AM" in why
    assert "Round 1: :white_check_mark: Next update in time" in why
    assert "Next update breached, was due" in (await desk.agent.runs("/sla")).text
    await desk.agent.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    assert "Updates of major incidents: 1 of 2 kept (50 %)" in (await desk.agent.runs("/sla service vpn")).text


async def test_a_service_may_have_people_told_sooner(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[service_targets.vpn.any]\nupdate = "20m"\n[service_targets.vpn.P1]\nupdate = "15m"')
    await declared(desk)
    first = await clock_of(desk, "update")
    assert first.due_at - first.started_at == timedelta(minutes=15)
    await desk.agent.runs("/incident status INC-1")
    late = desk.clock.now() + timedelta(minutes=20)
    faults = await desk.agent.submits({"Update": "Still looking", "Next update by": late})
    assert faults == {"Next update by": "People are told at least every 15 minutes. Choose an earlier time."}


async def test_waiting_for_others_puts_no_update_off_and_a_higher_priority_moves_none(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    due = (await clock_of(desk, "update")).due_at
    await desk.agent.runs("/incident pend INC-1 vendor They send a part")
    await desk.agent.runs("/incident priority INC-1 P3 One office only")
    update = await clock_of(desk, "update")
    assert (update.due_at, update.state) == (due, "running")


async def test_with_the_incident_the_promise_of_news_is_over(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.runs("/incident resolve INC-1 Fixed: Renewed the certificate")
    assert await updates(desk) == [(1, "met")]
    await desk.agent.runs("/incident reopen INC-1 It is down again")
    assert await updates(desk) == [(1, "met")], "it is no major incident any more"
    await desk.agent.runs("/incident major INC-1")
    assert [cycle for cycle, state in await updates(desk) if state == "running"] == [2]
    await desk.agent.runs("/incident cancel INC-1 It was a mistake")
    assert (await updates(desk))[-1] == (2, "cancelled")
    desk.clock.forward(hours=3)
    assert await desk.channel(NAME).count("is late") == 0
