"""The desk's clock: nobody's is off by an hour, and a frozen process holds nobody up."""

import asyncio
from datetime import timedelta

import pytest
from delivery_fixture import until
from records import NOON
from sqlalchemy.exc import DBAPIError

from storage import timers
from storage.db import clock, database
from storage.db.clock import MachineClock, ServerClock
from storage.db.database import Database


def test_a_machines_clock_tells_once_how_far_it_was_set():
    off = [timedelta(0)]
    machine = MachineClock(lambda: clock.utc_now() + off[0])
    assert machine.moved() == timedelta(0)
    off[0] = -timedelta(hours=1)
    assert abs(machine.moved() + timedelta(hours=1)) < timedelta(seconds=1)
    assert machine.moved() == timedelta(0)


@pytest.mark.postgres
@pytest.mark.parametrize("off", [timedelta(hours=1), -timedelta(days=1)])
async def test_a_replica_whose_clock_is_off_goes_by_the_servers(postgres_url, monkeypatch, off):
    monkeypatch.setattr(clock, "utc_now", lambda: NOON + off)
    one, two, served = ServerClock(), ServerClock(), Database(postgres_url)
    await one.follow(served)
    monkeypatch.setattr(clock, "utc_now", lambda: NOON)
    await two.follow(served)
    assert abs(one.now() - two.now()) < timedelta(seconds=1)
    assert one.moved() == timedelta(0)
    await served.close()


@pytest.mark.postgres
async def test_one_replica_sweeps_at_a_time_and_the_next_one_after_it(postgres_url):
    one, two = Database(postgres_url), Database(postgres_url)
    async with one.begin() as first:
        assert await timers.take_up(first)
        assert not await asyncio.create_task(takes_up(two))
    assert await takes_up(two)
    await asyncio.gather(one.close(), two.close())


@pytest.mark.postgres
async def test_a_transaction_whose_process_says_nothing_any_more_is_ended(postgres_url, monkeypatch):
    monkeypatch.setattr(database, "ABANDONED_SECONDS", 0.1)
    frozen, other = Database(postgres_url), Database(postgres_url)
    with pytest.raises(DBAPIError, match="idle-in-transaction"):
        await holds_until_another_may(frozen, other)
    await asyncio.gather(frozen.close(), other.close())


async def holds_until_another_may(frozen: Database, other: Database) -> None:
    async with frozen.begin() as held:
        assert await timers.take_up(held)
        await until(lambda: asyncio.create_task(takes_up(other)), seconds=10)
        await timers.take_up(held)


async def takes_up(served: Database) -> bool:
    async with served.begin() as tx:
        return await timers.take_up(tx)
