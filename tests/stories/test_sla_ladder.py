"""The ladder of a promise: over a weekend and a clock change, after an outage, out of hours, until someone has it."""

from datetime import UTC, datetime, timedelta

import pytest
from cast import Desk, open_desk
from promises import LONDON, on_record, under, until

from bot.rules.facts import FactKind
from storage import alarms

FRIDAY = datetime(2026, 3, 27, 15, 50, tzinfo=UTC)
"""Before London's clocks go forward on the Sunday."""

LADDER = """
[alarms.half]
at = 50
to = ["assignee"]
[alarms.ninety]
at = 90
to = ["channel"]
"""


async def test_the_ladder_of_one_incident_over_a_weekend_and_a_clock_change(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, at=FRIDAY) as desk:
        await under(desk, LONDON + LADDER + '[targets.P1]\ncalendar = "london"')
        until(desk, FRIDAY + timedelta(minutes=10))
        await desk.reports()
        await desk.agent.runs("/incident ack INC-1")
        channel, mine = desk.channel("service-desk"), desk.dm(desk.agent)
        monday = datetime(2026, 3, 30, 8, tzinfo=UTC)
        until(desk, monday + timedelta(minutes=59))
        assert await mine.count("resolution promise") == 0, "an hour on Friday, one on Monday: half of four"
        until(desk, monday + timedelta(hours=1, minutes=1))
        await mine.hears("Resolution promise at risk", "INC-1")
        assert await channel.count("resolution promise") == 0
        until(desk, monday + timedelta(hours=2, minutes=1))
        assert await channel.count("resolution promise at risk") == 1
        until(desk, monday + timedelta(hours=2, minutes=37))
        assert await channel.count("resolution promise at risk") == 2
        until(desk, monday + timedelta(hours=3, minutes=1))
        await channel.hears("Resolution promise breached", "INC-1")
        assert [fact.data["threshold"] for fact in await on_record(desk, FactKind.SLA_WARNED)] == [50, 75, 90, 100]
        [breach] = await on_record(desk, FactKind.SLA_BREACHED)
        assert monday + timedelta(hours=3) <= breach.at < monday + timedelta(hours=3, minutes=1)


async def test_an_outage_across_three_thresholds_tells_the_highest_alone_and_records_them_all(desk: Desk) -> None:
    await under(desk, LADDER)
    await desk.reports()
    desk.clock.forward(minutes=14)
    await desk.channel("service-desk").hears("Response promise at risk")
    assert await desk.channel("service-desk").count("response promise") == 1
    assert [fact.data["threshold"] for fact in await on_record(desk, FactKind.SLA_WARNED)] == [50, 75, 90]
    desk.clock.forward(days=1)
    assert await desk.channel("service-desk").count("resolution promise") == 1
    await desk.channel("service-desk").hears("Resolution promise breached")
    breaches = {fact.data["clock"]: fact.at for fact in await on_record(desk, FactKind.SLA_BREACHED)}
    assert set(breaches) == {"response", "resolution"}
    assert breaches["resolution"] - breaches["response"] == timedelta(hours=3, minutes=45)


async def test_a_breach_is_told_again_every_so_often_until_it_is_done(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[alarms.breach]\nagain_every = "30m"\nagain_most = 3')
    await desk.reports()
    for passed, told in ((16, 0), (30, 1), (30, 2)):
        desk.clock.forward(minutes=passed)
        assert await desk.channel("service-desk").count("response promise still breached") == told
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(hours=2)
    assert await desk.channel("service-desk").count("response promise still breached") == 2


async def test_the_circle_widens_until_someone_has_it(desk: Desk) -> None:
    await under(desk, '[alarms.wider]\nat = 150\nto = ["manager", "channel"]\nmention = true\n'
                      '[alarms.widest]\nat = 200\nto = ["group:cab"]')  # fmt: skip
    await desk.reports()
    desk.clock.forward(minutes=23)
    said = await desk.channel("service-desk").hears("Response promise breached", "@manager")
    assert "INC-1" in said
    await desk.dm(desk.manager).hears("Response promise breached", "INC-1")
    await desk.outsider.clicks("I have it", "service-desk")
    assert "Only" in desk.outsider.notes()[-1]
    await desk.agent.clicks("I have it", "service-desk")
    await desk.channel("service-desk").hears("Response promise breached", "@agent has it")
    await desk.channel("service-desk").hears("Response breached, was due", "@agent has it")
    desk.clock.forward(minutes=10)
    await desk.dm(desk.agent).hears("Response promise breached")
    assert await desk.dm(desk.engineer).count("response promise") == 0
    [taken] = await on_record(desk, FactKind.SLA_TAKEN)
    assert taken.by == desk.agent.id
    assert "I have it" not in desk.agent.messages("service-desk")[-1].buttons


async def test_the_second_to_say_i_have_it_hears_who_was_first(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.slack.quiet()
    await desk.reports()
    desk.clock.forward(minutes=16)
    await desk.settles()
    await desk.engineer.clicks("I have it", "service-desk")
    await desk.agent.clicks("I have it", "service-desk")
    assert desk.agent.notes()[-1] == "INC-1 was already taken by Engineer."


async def test_what_rings_out_of_its_hours_waits_for_them(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, at=FRIDAY.replace(hour=20)) as desk:
        await under(desk, LONDON + '[alarms.breach]\nhours = "london"')
        await desk.reports()
        channel = desk.channel("service-desk")
        desk.clock.forward(minutes=20)
        assert await channel.count("response promise breached") == 0
        await channel.hears("Response breached, was due", "INC-1")
        until(desk, datetime(2026, 3, 30, 7, 59, tzinfo=UTC))
        assert await channel.count("promise breached") == 0
        until(desk, datetime(2026, 3, 30, 8, 0, 1, tzinfo=UTC))
        assert await channel.count("response promise breached") == 1
        assert await channel.count("resolution promise breached") == 1


async def test_one_alarm_that_cannot_ring_does_not_silence_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.reports()
    async with desk.bot.database.begin() as tx:
        await alarms.schedule(tx, "INC-1", "unheard-of", "1", desk.clock.now())
    desk.clock.forward(minutes=12)
    await desk.channel("service-desk").hears("Response promise at risk")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the alarm 1 (unheard-of) of INC-1 could not ring"
    ]
    async with desk.bot.database.read() as tx:
        assert await alarms.due(tx, desk.clock.now(), 10) == []
        later = await alarms.due(tx, desk.clock.now() + timedelta(minutes=6), 10)
    assert "unheard-of" in {one.kind for one in later}, "it is tried again"
