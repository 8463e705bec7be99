"""Constant statements go to the driver past SQLAlchemy's session, and nothing is different by it but what they cost."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
from records import NOON, fact, incident
from sqlalchemy import bindparam, event, literal_column, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    OperationalError,
    StatementError,
)
from sqlmodel import col, func, select, text, update
from sqlmodel.ext.asyncio.session import AsyncSession
from statements import listened

from storage.db import prepared
from storage.db.database import Database
from storage.db.queued import attempt
from storage.db.rows import Found
from storage.journal import journal
from storage.sql import AS_WRITTEN, changed, insertion
from storage.tables import Incident, Timer

_ONE = select(Incident).where(col(Incident.number) == bindparam("number"))
_NUMBERS = select(Incident.number).where(col(Incident.number).in_(bindparam("numbers", expanding=True)))
_TOLD = select(Incident, Incident.summary, func.count().over().label("many")).order_by(col(Incident.number))
_STEP = update(Incident).where(col(Incident.number) == bindparam("one")).values(state=bindparam("to"))
_BACK = _STEP.returning(Incident)
_TIMER = insertion(Timer)
_AT = select(Timer.due_at).where(col(Timer.due_at) <= bindparam("by"))
_SLEEP = text("SELECT pg_sleep(:seconds)")
_LONG = text("WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < :most) SELECT count(*) FROM s")
_HELD = select(Incident.number).where(col(Incident.number) == bindparam("number")).with_for_update()


async def often(tx: AsyncSession, statement: Any, **values: Any) -> Any:
    """What it answers when it is known to be a constant."""
    for _ in range(prepared.CONSTANT):
        found = await tx.exec(statement, params=values, execution_options=AS_WRITTEN)
    assert isinstance(found, Found)
    return found


def timer(kind: str = "sla", at: datetime = NOON) -> dict[str, Any]:
    return {"subject": "INC-1", "kind": kind, "occurrence": "1", "due_at": at}


async def test_an_object_is_the_one_that_the_session_has_and_is_as_the_row_is(database):
    async with database.begin() as tx:
        made = await incident(tx)
        assert (await often(tx, _ONE, number=1)).one() is made
        assert await changed(tx, _STEP, {"one": 1, "to": "acknowledged"}) == 1
        assert made.state == "new"
        assert (await often(tx, _ONE, number=1)).one().state == "acknowledged"
        assert made.state == "acknowledged"
        assert (await often(tx, _BACK, one=1, to="resolved")).scalars().first() is made
        assert made.state == "resolved"
        assert (await often(tx, _BACK, one=2, to="resolved")).first() is None
        assert (await often(tx, _STEP, one=1, to="new")).rowcount == 1
        assert (await often(tx, _STEP, one=2, to="new")).rowcount == 0
        await journal.record(tx, fact("INC-1"))
    async with database.read() as tx:
        found = (await often(tx, _ONE, number=1)).one()
        assert found is not made
        assert {**found.model_dump(), "state": "", "revision": 0} == {**made.model_dump(), "state": "", "revision": 0}
        assert (await often(tx, _ONE, number=2)).first() is None


async def test_what_waits_to_be_written_is_written_before_it_is_asked_for(database):
    async with database.begin() as tx:
        made = await incident(tx)
        await often(tx, _ONE, number=1)
        made.summary = "Said better"
        assert (await often(tx, _TOLD)).one() == (made, "Said better", 1)
        assert made.summary == "Said better"


async def test_rows_have_names_and_lists_have_any_length(database):
    async with database.begin() as tx:
        first, second = await incident(tx), await incident(tx)
        rows = (await often(tx, _TOLD)).all()
        assert [(row.Incident, row.summary, row.many) for row in rows] == [
            (first, first.summary, 2),
            (second, second.summary, 2),
        ]
        for numbers in ([], [1], [1, 2], [3], [2, 1, 3, 4]):
            found = await often(tx, _NUMBERS, numbers=numbers)
            assert sorted(found) == sorted({1, 2} & set(numbers))
        with pytest.raises(MultipleResultsFound):
            (await often(tx, _TOLD)).one()
        with pytest.raises(NoResultFound):
            (await often(tx, _ONE, number=9)).one()


async def test_several_rows_are_written_by_one_statement_and_moments_are_exact(database):
    async with database.begin() as tx:
        for kinds in ("ab", "cd", "ef", "gh"):
            assert await changed(tx, _TIMER(tx), [timer(kind) for kind in kinds]) == 2
        assert set(await often(tx, _AT, by=NOON)) == {NOON}


async def test_whoever_listens_hears_each_statement_and_its_values(database):
    async with database.begin() as tx:
        await incident(tx)
        await often(tx, _ONE, number=1)
        with listened() as heard:
            await often(tx, _ONE, number=1)
    assert len(heard) == prepared.CONSTANT
    assert all(one.startswith("SELECT incident.number") for one in heard)


async def test_who_traces_statements_finds_at_the_end_what_was_kept_at_the_beginning(database):
    ended: list[str] = []

    def begins(
        _connection: object, _cursor: object, statement: str, _values: object, context: Any, _many: bool
    ) -> None:
        context.span = statement

    def ends(_connection: object, _cursor: object, _statement: str, _values: object, context: Any, _many: bool) -> None:
        ended.append(context.span)

    async with database.begin() as tx:
        await incident(tx)
        with heard("before_cursor_execute", begins), heard("after_cursor_execute", ends):
            await often(tx, _ONE, number=1)
    assert len(ended) == prepared.CONSTANT


@contextmanager
def heard(event_of: str, told: Any) -> Iterator[None]:
    event.listen(Engine, event_of, told)
    try:
        yield
    finally:
        event.remove(Engine, event_of, told)


async def test_a_fault_is_of_sqlalchemys_kind_tells_no_values_and_leaves_what_was_before(database):
    async with database.begin() as tx:
        for kind in "abc":
            await changed(tx, _TIMER(tx), timer(kind))
        with pytest.raises(IntegrityError) as told:
            await _twice(tx, timer("secret"))
        assert "INSERT INTO timer" in str(told.value)
        assert "[parameters" not in str(told.value)
        assert len((await often(tx, _AT, by=NOON)).all()) == 3


async def _twice(tx: AsyncSession, row: dict[str, Any]) -> None:
    async with attempt(tx):
        await changed(tx, _TIMER(tx), row)
        await changed(tx, _TIMER(tx), row)


async def test_values_that_are_missing_or_unfit_are_refused_as_ever(database):
    async with database.begin() as tx:
        await often(tx, _AT, by=NOON)
        with pytest.raises(StatementError, match="required"):
            await tx.exec(_AT)
        with pytest.raises(StatementError, match="no time zone"):
            await tx.exec(_AT, params={"by": NOON.replace(tzinfo=None)})


async def test_a_constant_of_one_transaction_is_one_of_the_next_and_keeps_to_its_snapshot(database):
    async with database.begin() as tx:
        await incident(tx)
        await often(tx, _ONE, number=1)
    async with database.read() as reading:
        assert (await often(reading, _ONE, number=1)).one().state == "new"
        await asyncio.create_task(_acknowledge(database))
        assert (await often(reading, _ONE, number=1)).one().state == "new"
        with pytest.raises(DBAPIError, match=r"read.?only"):
            await often(reading, _STEP, one=1, to="resolved")


async def _acknowledge(database: Database) -> None:
    async with database.begin() as tx:
        await changed(tx, _STEP, {"one": 1, "to": "acknowledged"})
        await journal.record(tx, fact("INC-1"))


@asynccontextmanager
async def asleep(database: Database, statement: Any, **values: Any) -> AsyncIterator["asyncio.Task[None]"]:
    """A task in the middle of a statement that has been a constant for long."""
    begun = asyncio.Event()

    async def sleeps() -> None:
        async with database.read(long=True) as tx:
            await often(tx, statement, **dict.fromkeys(values, 0))
            begun.set()
            await tx.exec(statement, params=values)

    task = asyncio.create_task(sleeps())
    await begun.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    yield task


@pytest.mark.parametrize("times", [1, 12])
async def test_who_is_cancelled_in_the_middle_of_a_statement_leaves_a_pool_that_is_sound(database, times):
    asks = (_LONG, {"most": 300_000}) if database.is_sqlite else (_SLEEP, {"seconds": 60})
    for _ in range(times if not database.is_sqlite else 3):
        async with asleep(database, asks[0], **asks[1]) as task:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    async with database.begin() as tx:
        await incident(tx)
    for long in (True, False):
        async with asyncio.timeout(20), database.read(long=long) as tx:
            assert (await often(tx, _ONE, number=1)).one().number == 1


async def test_a_connection_that_is_lost_is_thrown_away_and_the_next_one_serves(postgres_url):
    database = Database(postgres_url)
    async with database.begin() as tx:
        await incident(tx)
        await often(tx, _ONE, number=1)
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def loses_it() -> None:
        async with database.begin() as tx:
            own = (await tx.exec(select(literal_column("pg_backend_pid()")))).one()
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [own])
            await tx.exec(_ONE, params={"number": 1})

    with pytest.raises(OperationalError) as lost:
        await loses_it()
    assert lost.value.connection_invalidated
    async with database.begin() as tx:
        assert (await often(tx, _ONE, number=1)).one().number == 1
    await database.close()


async def test_who_waits_too_long_for_a_lock_hears_it_and_the_connection_serves_on(postgres_url):
    database = Database(postgres_url)
    async with database.begin() as tx:
        await incident(tx)
        await often(tx, _HELD, number=1)

    async def waits() -> None:
        async with database.begin() as tx:
            await tx.exec(text("SET LOCAL lock_timeout = '50ms'"))  # type: ignore[call-overload]
            await tx.exec(_HELD, params={"number": 1})

    async with database.begin() as tx:
        await often(tx, _HELD, number=1)
        with pytest.raises(OperationalError, match="lock timeout") as told:
            await asyncio.create_task(waits())
        assert not told.value.connection_invalidated
    await waits()
    await database.close()
