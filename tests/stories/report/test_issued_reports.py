"""Reports that come by themselves: once a period, late rather than never, corrected by another version."""

import asyncio
from datetime import UTC, datetime, timedelta

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.report import issuing
from storage.db import schema
from storage.db.database import Database
from storage.report import issued
from storage.tables import IssuedReport, ReportVersion

WEEKLY = """
[reports.weekly]
title = "Weekly service report"
every = "week"
zone = "Europe/London"
channel = "service-desk"
figures = ["incidents-opened", "time-to-acknowledge", "backlog"]
"""


async def adopt(desk: Desk, text: str) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by="operator", now=desk.clock.now())
    await desk.settles()


async def test_a_report_comes_by_itself_with_its_detail_and_actions_come_out_of_it(desk: Desk) -> None:
    await adopt(desk, WEEKLY)
    await desk.reports()
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    channel = desk.channel("service-desk")
    assert await channel.count("Weekly service report") == 0
    desk.clock.forward(days=6, hours=23, minutes=30)
    said = await channel.hears("Weekly service report: week from 2 March 2026", "RPT-1", "What do we do about it?")
    assert "Of all services, Mon 2 Mar 2026 to Sun 8 Mar 2026 by the clocks of Europe/London" in said
    assert "Incidents opened: 1 (before 0), n = 1." in said
    assert "Time to acknowledge: – (before –), n = 0. Left out: 1 not yet acknowledged." in said
    assert "Late" not in said
    assert "VPN" in await channel.hears("All figures of Weekly service report")
    assert await channel.count("RPT-1, version 1: the figures") == 1
    assert await channel.count("Incidents opened: 1 (before 0); Incidents open: 1 (before 0)") == 1
    [painted] = [one for one in desk.slack.files.values() if one.name == "rpt-1-figures-v1.png"]
    assert painted.content.startswith(b"\x89PNG")
    await desk.agent.clicks("Add an action…", "service-desk")
    assert not await desk.agent.submits(
        {"What is to be done": "Take incidents up at once", "Due on": "2026-04-01", "Owner": "agent"}
    )
    await channel.hears("RPT-1", "What is done about it", "ACT-1", "Take incidents up at once")
    assert "ACT-1" in (await desk.manager.runs("/report RPT-1")).text
    assert "RPT-1" in (await desk.agent.runs("/action ACT-1")).text
    assert "Weekly service report" in (await desk.manager.runs("/report issued")).text
    assert "Figures are shown to" in (await desk.outsider.runs("/report RPT-1")).text
    desk.clock.forward(days=7)
    assert await channel.count("RPT-2", "week from 9 March 2026", "What do we do about it?") == 1


async def test_the_period_that_is_just_over_is_not_lost_where_the_policy_changes_its_zone(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, WEEKLY)
    desk.clock.forward(days=6, hours=18)  # Monday, at three in the morning
    await desk.settles()
    await adopt(desk, WEEKLY.replace("Europe/London", "Europe/Dublin"))
    desk.clock.forward(hours=6)
    await desk.channel("service-desk").hears("RPT-1", "week from 2 March 2026")


async def test_a_correction_is_another_version_and_what_was_shown_stays(desk: Desk) -> None:
    await adopt(desk, WEEKLY)
    await desk.reports()
    desk.clock.forward(days=7)
    channel = desk.channel("service-desk")
    await channel.hears("RPT-1", "Left out: 1 not yet acknowledged")
    await desk.agent.runs("/incident ack INC-1")
    assert "Left out: 1 not yet acknowledged" in await channel.hears("RPT-1", "What do we do about it?")
    refused = (await desk.outsider.runs("/report correct RPT-1 It is wrong")).text
    assert "Figures are shown to Change managers" in refused
    refused = (await desk.agent.runs("/report correct RPT-1 It is wrong")).text
    assert "Only Change managers, and the owners of its service, can correct RPT-1" in refused
    await desk.manager.runs("/report RPT-1")
    await desk.manager.clicks("More…", "general")
    await desk.manager.clicks("Correct…")
    assert not await desk.manager.submits({"Reason": "INC-1 was taken up since"})
    said = await channel.hears("Corrected of Weekly service report", "INC-1 was taken up since")
    assert "Time to acknowledge: 7 d" in said
    assert "was –" in said
    await channel.hears("RPT-1", "What do we do about it?", "this is version 2")
    told = (await desk.manager.runs("/report timeline RPT-1")).text
    assert "made it" in told
    assert "corrected it" in told
    async with desk.bot.database.read() as tx:
        first, second = [await issued.version(tx, 1, one) for one in (1, 2)]
        assert first.content != second.content
        assert "not yet acknowledged" in first.content


async def test_what_is_late_says_so_and_nothing_is_skipped(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, WEEKLY)
    desk.clock.forward(days=20, hours=23, minutes=30)  # nobody swept meanwhile
    channel = desk.channel("service-desk")
    assert await channel.count("What do we do about it?") == 3
    assert "Late" in await channel.hears("RPT-1", "week from 2 March", "What do we do about it?")
    assert "Late" not in await channel.hears("RPT-3", "week from 16 March", "What do we do about it?")


async def test_a_tampered_report_says_so(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, WEEKLY)
    desk.clock.forward(days=7)
    await desk.settles()
    async with desk.bot.database.begin() as tx:
        row = await tx.get(ReportVersion, (1, 1))
        row.content = row.content.replace('"n":0', '"n":9')
        tx.add(row)
    assert "does not have its hash any more" in (await desk.manager.runs("/report RPT-1")).text


async def test_three_replicas_and_restarts_make_each_report_once(database_url: str) -> None:
    """Sweeps of three at once, some killed before they commit."""
    await asyncio.to_thread(schema.migrate, database_url)
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    replicas = [Database(database_url) for _ in range(3)]
    try:
        async with replicas[0].begin() as tx:
            await desk_policy.adopt(tx, parse(WEEKLY), by="operator", now=start)
            await issuing.set_up(tx, start)
        for day in range(0, 60, 3):
            now = start + timedelta(days=day)
            await asyncio.gather(*(swept(one, now, killed=at == day % 4) for at, one in enumerate(replicas)))
            async with replicas[day % 3].begin() as tx:
                await issuing.set_up(tx, now)  # it was started anew
        await swept(replicas[0], now, killed=False)  # the last day's one sweeper may have been killed
        async with replicas[0].read() as tx:
            found = await issued.newest(tx, 100)
    finally:
        for one in replicas:
            await one.close()
    days = [one.first_day for one in reversed(found)]
    assert days == [f"{start.date() + timedelta(days=7 * n)}" for n in range(8)]
    numbers = [one.number for one in reversed(found)]
    assert numbers == sorted(set(numbers))
    assert numbers == list(range(1, 9)) or not replicas[0].is_sqlite, "no number is lost where one process counts"
    assert all(isinstance(one, IssuedReport) for one in found)


async def swept(database: Database, now: datetime, *, killed: bool) -> None:
    fired = 1
    while fired:
        try:
            async with database.begin() as tx:
                fired = await sweep.ring_due(tx, now)
                if killed and fired:
                    raise Killed
        except Killed:
            return


class Killed(Exception):
    """A process dies before it commits."""
