"""What two do to one record at the same instant, each about to wait for what the other holds: on PostgreSQL."""

import asyncio
from contextvars import copy_context

import pytest
from cast import open_desk
from records import NOON
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.usecases.timers import LONG, put_off, ring_long
from storage import timers
from storage.db.database import Database
from storage.sla import clocks
from storage.tables import Timer

WAITING = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")

pytestmark = pytest.mark.postgres


async def until_waiting(tx: AsyncSession, number: int) -> None:
    """So many transactions wait for a lock."""
    async with asyncio.timeout(20):
        while (await tx.exec(WAITING)).scalar_one() < number:  # type: ignore[call-overload]  # noqa: ASYNC110 - the server knows
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("other", ["/incident resolve INC-1 Restarted", "/incident priority INC-1 P2 Few are at home"])
async def test_an_update_waits_for_nobody_who_waits_for_it(postgres_url: str, other: str) -> None:
    async with open_desk(postgres_url) as desk:
        await desk.reports()
        await desk.agent.runs("/incident major INC-1")
        await desk.agent.runs("/incident role INC-1 commander @engineer")
        await desk.settles()
        await desk.engineer.runs("/incident status INC-1")
        async with desk.bot.database.begin() as third:
            await clocks.held(third, "INC-1")
            first = asyncio.create_task(desk.agent.runs(other))
            await until_waiting(third, 1)
            second = asyncio.create_task(desk.engineer.submits({"Status": "Identified", "Update": "The gateway it is"}))
            await until_waiting(third, 2)
        assert ":white_check_mark: INC-1" in (await first).text
        faults = await second
        over = "resolve" in other
        assert "Something went wrong" not in str(faults)
        assert desk.engineer.modal is None or over, faults
        await desk.settles()
        topic = next(one.topic["value"] for one in desk.slack.channels.values() if one.name.startswith("inc-1-"))
        assert ("P1 · Resolved" if over else "P2 · Identified") in topic


async def test_who_reopens_waits_for_no_sweep_that_waits_for_them(postgres_url: str) -> None:
    """Silence is about to close what its reporter reopens: both happen, one after the other."""
    async with open_desk(postgres_url) as desk:
        await desk.reports()
        await desk.agent.runs("/incident resolve INC-1 Restarted")
        await desk.settles()
        desk.clock.forward(days=4)
        await desk.settles()  # of all timers the one that closes it is left
        desk.clock.forward(days=6)
        before = copy_context()
        async with desk.bot.database.begin() as third:
            await clocks.held(third, "INC-1")
            sweeping = asyncio.create_task(desk.bot.jobs.sweep(), context=before)
            await until_waiting(third, 1)
            reopening = asyncio.create_task(desk.requester.runs("/incident reopen INC-1 It is down again"))
            await until_waiting(third, 2)
        await sweeping
        assert "Something went wrong" not in (await reopening).text
        told = (await desk.agent.runs("/incident timeline INC-1")).text
        assert told.index("Deskbell closed it") < told.index("@requester reopened it")


async def test_a_replica_goes_on_where_another_one_rings_a_long_timer(postgres_url: str) -> None:
    """What the other writes for it takes a while, and what is due after it would wait."""
    one, other = Database(postgres_url), Database(postgres_url)
    async with one.begin() as tx:
        for kind in sorted(LONG)[:2]:
            await timers.schedule_once(tx, "desk", kind, "today", NOON)
        due = [Timer(**row.model_dump()) for row in await timers.due(tx, NOON, 2, only=LONG)]

    async def rings_the_second() -> None:
        async with other.begin() as tx:
            await ring_long(tx, due[0], NOON, None)
            await put_off(tx, due[0], NOON)
            assert await timers.fire(tx, due[1].id or 0, NOON)

    async with one.begin() as tx:
        assert await timers.fire(tx, due[0].id or 0, NOON)
        async with asyncio.timeout(20):
            await asyncio.create_task(rings_the_second())
    async with one.read() as tx:
        assert not await timers.due(tx, NOON, 2, only=LONG)
    await asyncio.gather(one.close(), other.close())
