"""A short read on SQLite keeps its session for the next, which must not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from records import fact, incident
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import text
from statements import listened

from storage.db.database import READERS, Database
from storage.incident import incidents
from storage.journal import journal


async def acknowledge(database: Database) -> None:
    async with database.begin() as tx:
        await incidents.step(tx, 1, frm=["new"], revision=None, state="acknowledged")
        await journal.record(tx, fact("INC-1"))


async def state(database: Database) -> str:
    async with database.read() as tx:
        found = await incidents.get(tx, 1)
        assert found is not None
        return found.state


@pytest.fixture
async def one(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    async with database.begin() as tx:
        await incident(tx)
    yield database
    await database.close()


async def test_the_next_read_sees_what_was_written_meanwhile_and_has_nothing_of_the_last(one):
    async with one.read() as tx:
        before = await incidents.get(tx, 1)
        tx.info["told"] = "of this read"
    await acknowledge(one)
    async with one.read() as tx:
        after = await incidents.get(tx, 1)
        assert "told" not in tx.info
    assert after is not before
    assert (before.state, after.state) == ("new", "acknowledged")
    assert inspect(before).detached


async def test_a_read_takes_no_new_session_and_says_that_it_begins(one):
    sessions = []
    for _ in range(3):
        with listened() as said:
            async with one.read() as tx:
                sessions.append(tx)
                await incidents.get(tx, 1)
        assert said[0] == "BEGIN"
    assert len(set(map(id, sessions))) == 1


async def test_a_read_that_failed_leaves_the_next_one_sound(one):
    with suppress(ZeroDivisionError):
        async with one.read() as tx:
            await incidents.get(tx, 1)
            raise ZeroDivisionError
    with pytest.raises(DBAPIError, match="no such table"):
        async with one.read() as tx:
            await tx.exec(text("SELECT * FROM nowhere"))
    await acknowledge(one)
    assert await state(one) == "acknowledged"


async def test_a_read_that_left_a_savepoint_or_took_itself_back_leaves_the_next_one_sound(one):
    async with one.read() as tx:
        await incidents.get(tx, 1)
        await tx.begin_nested()
    async with one.read() as tx:
        await incidents.get(tx, 1)
        await tx.rollback()
    await acknowledge(one)
    assert await state(one) == "acknowledged"


async def test_whoever_is_cancelled_in_a_read_leaves_its_place_to_others(one):
    async def reads_for_ever() -> None:
        async with one.read() as tx:
            await incidents.get(tx, 1)
            await asyncio.Event().wait()

    for _ in range(READERS + 1):
        task = asyncio.create_task(reads_for_ever())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(20):
        assert await state(one) == "new"


async def test_more_reads_than_there_are_connections_wait_for_one(one):
    async with asyncio.timeout(20):
        assert await asyncio.gather(*(state(one) for _ in range(3 * READERS))) == ["new"] * 3 * READERS
