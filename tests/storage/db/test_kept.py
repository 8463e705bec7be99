"""A transaction on SQLite keeps its session for the next, which must not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from records import fact, incident
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import text
from statements import listened

from storage.db.database import READERS, Database
from storage.db.snapshot import every_added
from storage.incident import incidents
from storage.journal import journal


async def acknowledge(database: Database) -> None:
    async with database.begin() as tx:
        await incidents.step(tx, 1, frm=["new"], revision=None, state="acknowledged")
        await journal.record(tx, fact("INC-1"))


async def log(database: Database, number: int) -> None:
    async with database.begin() as tx:
        await journal.record(tx, fact(f"INC-{number}"))
        await incident(tx, number=number)


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


async def test_the_next_write_has_nothing_of_the_last(one):
    sessions = []
    for number in (2, 3):
        with listened() as said:
            async with one.begin() as tx:
                sessions.append(tx)
                made = await incident(tx, number=number)
                assert every_added(tx) == [f"INC-{number}"]
        assert said[0] == "BEGIN IMMEDIATE"
        assert inspect(made).detached
    assert len(set(map(id, sessions))) == 1
    async with one.begin() as tx:
        assert not every_added(tx)
        assert not list(tx)


async def test_a_write_that_failed_takes_nothing_back_but_its_own(one):
    await acknowledge(one)
    with pytest.raises(IntegrityError):
        await log(one, 1)
    with suppress(ZeroDivisionError):
        async with one.begin() as tx:
            await incidents.step(tx, 1, frm=["acknowledged"], revision=None, state="resolved")
            raise ZeroDivisionError
    assert await state(one) == "acknowledged"
    await log(one, 2)
    async with one.read() as tx:
        assert await incidents.get(tx, 2) is not None


async def test_a_commit_that_the_database_refuses_is_a_fault_of_sqlalchemys_and_leaves_the_next_one_sound(one):
    await acknowledge(one)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        async with one.begin() as tx:
            await incidents.step(tx, 1, frm=["acknowledged"], revision=None, state="resolved")
    assert await state(one) == "acknowledged"
    await log(one, 2)


async def test_whoever_is_cancelled_in_a_write_leaves_its_place_to_others(one):
    async def writes_for_ever() -> None:
        async with one.begin() as tx:
            await incident(tx, number=2)
            await asyncio.Event().wait()

    for _ in range(3):
        task = asyncio.create_task(writes_for_ever())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(20):
        await acknowledge(one)
    assert await state(one) == "acknowledged"
