"""New rows are written by a constant statement where SQLAlchemy's unit of work would have nothing to put in order."""

import asyncio

import pytest
from records import NOON, fact, incident
from sqlalchemy import literal_column
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from statements import listened

from storage.db import prepared
from storage.db.queued import attempt
from storage.journal import journal
from storage.tables import Incident, Table, Timer


def timer(kind: str) -> Timer:
    return Timer(subject="INC-1", kind=kind, occurrence="1", due_at=NOON)


async def kinds(tx: AsyncSession) -> list[str]:
    return list(await tx.exec(select(Timer.kind).order_by(col(Timer.id))))


async def test_rows_get_their_numbers_in_the_order_in_which_they_were_added(database):
    async with database.begin() as tx:
        for time in range(prepared.CONSTANT + 1):
            made = [timer(f"{time}{one}") for one in "cab"]
            tx.add_all(made)
            with listened() as heard:
                await tx.flush()
            assert sum(one.startswith("INSERT INTO timer (subject, kind") for one in heard) == 3
            ids = [one.id for one in made]
            assert None not in ids
            assert ids == sorted(ids)
            assert all(one in tx for one in made)
            assert list(await tx.exec(select(Timer).where(col(Timer.id).in_(ids)).order_by(col(Timer.id)))) == made
    async with database.read() as tx:
        assert len(await kinds(tx)) == 3 * (prepared.CONSTANT + 1)


def test_a_new_row_has_the_defaults_of_its_columns_and_nothing_that_is_none_of_them():
    made = Timer(subject="INC-1", kind="a", occurrence="1", due_at=NOON)
    assert (made.id, made.fired_at, made.cancelled_at) == (None, None, None)
    assert made.model_fields_set == {"subject", "kind", "occurrence", "due_at"}
    with pytest.raises(TypeError, match="Timer has no due"):
        Timer(subject="INC-1", kind="a", occurrence="1", due=NOON)


def test_rows_share_no_default_that_one_of_them_could_change():
    for table in every_table(Table):
        for name, one in table.__pydantic_fields__.items():
            assert one.default_factory is None, (table, name)
            assert one.is_required() or isinstance(one.default, str | int | float | None), (table, name)


def every_table(base: type[Table]) -> list[type[Table]]:
    return [one for kind in base.__subclasses__() for one in (kind, *every_table(kind))]


async def test_what_is_added_is_written_before_it_is_asked_for_and_with_what_was_changed(database):
    async with database.begin() as tx:
        made = await incident(tx)
        made.summary = "Said better"
        tx.add(timer("a"))
        assert await kinds(tx) == ["a"]
        tx.add(timer("b"))
        tx.add(Incident.model_validate({**made.model_dump(), "number": 2}))
        assert await kinds(tx) == ["a", "b"]
        await journal.record(tx, fact("INC-1"))
        await journal.record(tx, fact("INC-2"))
    async with database.read() as tx:
        said = await tx.exec(select(Incident.summary).order_by(col(Incident.number)))
        assert list(said) == ["Said better", "Said better"]


async def test_a_row_that_is_refused_takes_its_attempt_along_and_nothing_else(database):
    async with database.begin() as tx:
        for kind in "abc":
            tx.add(timer(kind))
            await tx.flush()
        with pytest.raises(IntegrityError) as told:
            await _again(tx, "d", "b")
        assert "[parameters" not in str(told.value)
        await _again(tx, "e")
        assert await kinds(tx) == ["a", "b", "c", "e"]
    async with database.read() as tx:
        assert await kinds(tx) == ["a", "b", "c", "e"]


async def _again(tx: AsyncSession, *added: str) -> None:
    async with attempt(tx):
        for kind in added:
            tx.add(timer(kind))
            await tx.flush()


async def test_a_value_that_the_database_finds_is_left_to_sqlalchemy(database):
    async with database.begin() as tx:
        for time in range(prepared.CONSTANT + 1):
            made = timer("x")
            made.kind = literal_column(f"'{time}' || 'found'")  # type: ignore[assignment]
            tx.add(made)
            await tx.flush()
        assert await kinds(tx) == [f"{time}found" for time in range(prepared.CONSTANT + 1)]


async def test_what_waits_at_the_end_is_written_and_what_cannot_be_fails_the_transaction(database):
    async def adds() -> None:
        async with database.begin() as tx:
            tx.add(timer("a"))
            tx.add(timer("a"))

    async with database.begin() as tx:
        tx.add(timer("b"))
    with pytest.raises(IntegrityError):
        await adds()
    async with database.read() as tx:
        assert await kinds(tx) == ["b"]
        tx.add(timer("c"))
        with pytest.raises(DBAPIError, match=r"read.?only"):
            await tx.flush()
        tx.expunge_all()


async def test_whoever_is_cancelled_at_any_moment_of_a_transaction_leaves_a_pool_that_is_sound(database):
    async def writes() -> None:
        async with database.begin() as tx:
            tx.add(timer("a"))
            await tx.flush()
            await asyncio.sleep(0)
            await kinds(tx)
            await tx.rollback()

    for turns in range(40):
        task = asyncio.create_task(writes())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(20), database.begin() as tx:
        tx.add(timer("b"))
    async with asyncio.timeout(20), database.read() as tx:
        assert "b" in await kinds(tx)
