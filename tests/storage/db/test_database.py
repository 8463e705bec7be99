import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import Any

import pytest
from records import NOON, case, fact, incident
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.elements import ClauseElement
from sqlmodel import text

from bot.rules.record.refs import Noun
from bot.usecases.configuration_item.campaigns import NUMBERS as CAMPAIGNS
from storage import counters, record_numbers
from storage.approval import approvals
from storage.db import sqlite
from storage.db.database import Database, NestedTransaction, in_transaction
from storage.db.urls import UnfitAddress
from storage.incident import incidents
from storage.journal import journal


async def test_of_fifty_who_click_at_once_one_decides(database, database_url):
    other_replica = Database(database_url)
    async with database.begin() as tx:
        await case(tx)

    async def click(replica: Database, person: str) -> bool:
        async with replica.begin() as tx:
            found = await approvals.case(tx, "CHG-1", 1)
            await asyncio.sleep(0)
            moved = await approvals.step(tx, "CHG-1", found.revision, frm=["open"], state="decided", decided_by=person)
            await journal.record(tx, fact("CHG-1"))
            return moved

    clicks = [click(database if n % 2 else other_replica, f"U{n}") for n in range(50)]
    decided = await asyncio.gather(*clicks)
    await other_replica.close()
    assert sum(decided) == 1
    async with database.read() as tx:
        assert (await approvals.case(tx, "CHG-1", 1)).decided_by == f"U{decided.index(True)}"


async def test_of_fifty_updates_none_is_lost(database):
    async with database.begin() as tx:
        await incident(tx)

    async def touch() -> bool:
        async with database.begin() as tx:
            return await incidents.step(tx, 1, frm=["new"], revision=None, state="new")

    assert all(await asyncio.gather(*(touch() for _ in range(50))))
    async with database.read() as tx:
        assert (await incidents.get(tx, 1)).revision == 51


async def test_an_approver_answers_once(database):
    async with database.begin() as tx:
        await case(tx)
        await approvals.ask(tx, "CHG-1", 1, ["U2", "U2"], NOON)

    async def answer(vote: str) -> bool:
        async with database.begin() as tx:
            voted = await approvals.vote(tx, "CHG-1", 1, "U2", vote=vote, comment=None, at=NOON)
            await journal.record(tx, fact("CHG-1"))
            return voted

    assert sum(await asyncio.gather(*(answer(vote) for vote in ["approve", "reject"] * 10))) == 1


async def test_no_number_is_given_twice_and_on_sqlite_none_is_left_out(database):
    async def log(fails: bool) -> int | None:
        try:
            async with database.begin() as tx:
                number = await record_numbers.next_number(tx, "INC")
                if fails:
                    raise RuntimeError("the form was refused")
                return number
        except RuntimeError:
            return None

    given = await asyncio.gather(*(log(fails=n % 3 == 0) for n in range(30)))
    numbers = sorted(number for number in given if number is not None)
    assert len(set(numbers)) == 20
    assert numbers == list(range(1, 21)) or not database.is_sqlite


async def test_numbers_are_taken_many_at_a_time(database):
    async with database.begin() as tx:
        assert list(await record_numbers.take(tx, "INC", 3)) == [1, 2, 3]
        assert not list(await record_numbers.take(tx, "INC", 0))
        assert await record_numbers.next_number(tx, "INC") == 4


async def test_every_noun_has_numbers(database):
    async with database.begin() as tx:
        for noun in (*Noun, CAMPAIGNS):
            assert await record_numbers.next_number(tx, noun) == 1


@pytest.mark.slow
async def test_nobody_waits_for_anothers_number(postgres_url):
    one, other = Database(postgres_url), Database(postgres_url)
    async with one.begin() as tx:
        assert await record_numbers.next_number(tx, "INC") == 1
        assert await asyncio.wait_for(asyncio.create_task(_number(other)), 5) == 2
    await one.close()
    await other.close()


async def _number(database):
    async with database.begin() as tx:
        return await record_numbers.next_number(tx, "INC")


async def test_a_release_that_counts_in_rows_is_given_the_same_numbers_once(postgres_url):
    database = Database(postgres_url)
    async with database.begin() as tx:
        counted = [
            await record_numbers.next_number(tx, "INC"),
            await counters.count_on(tx, "INC", 1),
            await record_numbers.next_number(tx, "INC"),
            await counters.count_on(tx, "INC", 1),
        ]
        assert counted == [1, 2, 3, 4]
        assert await counters.hold(tx, "INC") == 4
    await database.close()


async def test_a_step_from_another_state_or_revision_is_refused(database):
    async with database.begin() as tx:
        await incident(tx)
        assert not await incidents.step(tx, 1, frm=["acknowledged"], revision=1, state="resolved")
        assert not await incidents.step(tx, 1, frm=["new"], revision=7, state="resolved")
        assert (await incidents.get(tx, 1)).state == "new"


async def test_a_record_read_again_is_as_the_update_left_it(database):
    async with database.begin() as tx:
        record = await incident(tx)
        await incidents.step(tx, 1, frm=["new"], revision=1, state="acknowledged")
        assert (await incidents.get(tx, 1)).state == "acknowledged"
        assert record.revision == 2
        await journal.record(tx, fact("INC-1"))


async def test_an_exception_rolls_everything_back_and_wakes_nobody(database_url):
    commits = []
    database = Database(database_url, on_commit=lambda: commits.append(in_transaction()))
    with pytest.raises(RuntimeError):
        await log(database, fails=True)
    async with database.read() as tx:
        assert await incidents.get(tx, 1) is None
    assert commits == []
    await log(database)
    assert commits == [False]
    await database.close()


async def log(database, fails=False):
    async with database.begin() as tx:
        await incident(tx)
        if fails:
            raise RuntimeError("the form was refused")


async def test_a_reader_sees_one_moment_and_stops_no_writer(database):
    async with database.begin() as tx:
        await incident(tx)
    async with database.read() as reading:
        before = await incidents.get(reading, 1)
        await asyncio.create_task(acknowledge(database))
        after = await incidents.get(reading, 1)
        assert (before.state, after.state) == ("new", "new")
    async with database.read() as tx:
        assert (await incidents.get(tx, 1)).state == "acknowledged"


async def acknowledge(database):
    async with database.begin() as tx:
        await incidents.step(tx, 1, frm=["new"], revision=None, state="acknowledged")
        await journal.record(tx, fact("INC-1"))


async def test_a_reader_cannot_write(database):
    with pytest.raises(DBAPIError, match=r"read.?only"):
        async with database.read() as tx:
            await record_numbers.next_number(tx, "INC")


async def test_a_transaction_in_a_transaction_is_refused_instead_of_waiting_for_itself(database):
    for inner in (database.begin, database.read):
        with pytest.raises(NestedTransaction):
            async with database.begin(), inner():
                pass
    assert not in_transaction()


async def test_only_the_task_that_began_is_inside_the_transaction(database):
    async def ask() -> bool:
        return in_transaction()

    async with database.begin():
        assert in_transaction()
        assert not await asyncio.create_task(ask())
    async with database.read():
        assert in_transaction()
    assert not in_transaction()


async def test_a_cancelled_writer_leaves_nothing_and_holds_up_nobody(database):
    inside = asyncio.Event()

    async def slow():
        async with database.begin() as tx:
            await incident(tx)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    await asyncio.wait([task])
    async with database.begin() as tx:
        assert await incidents.get(tx, 1) is None
        assert (await incident(tx)).number > 0


async def test_closing_leaves_no_thread_behind(sqlite_url):
    before = set(threading.enumerate())
    database = Database(sqlite_url)
    async with database.begin() as tx, asyncio.TaskGroup() as group:
        await incident(tx)
        group.create_task(count_incidents(database))
    await database.close()
    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join, 5)
        assert not thread.is_alive()


async def count_incidents(database):
    async with database.read() as tx:
        await incidents.open_ones(tx, 5)


async def test_sqlite_is_durable_and_checks_its_keys(sqlite_url):
    database = Database(sqlite_url)
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    for transaction, synchronous in ((database.begin, 1), (database.read, 2)):  # `Disk` waits for the log
        async with transaction() as tx:
            told = [(await tx.exec(text(f"PRAGMA {name}"))).scalar() for name in pragmas]
            assert told == ["wal", synchronous, 1]
    await database.close()


async def test_a_file_that_another_process_locks_is_an_error_while_slack_still_waits(sqlite_url, monkeypatch):
    assert sqlite.BUSY_MS < 3000
    monkeypatch.setattr(sqlite, "BUSY_MS", 200)
    database = Database(sqlite_url)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(sqlite.BUSY_MS / 1000 + 20):
            with pytest.raises(OperationalError, match="locked"):
                await log(database)
        other.execute("ROLLBACK")
    await log(database)
    await database.close()


async def test_who_gives_up_waiting_for_the_file_never_holds_it(sqlite_url):
    database = Database(sqlite_url)
    with closing(sqlite3.connect(database.path, isolation_level=None, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await log(database)
        other.execute("ROLLBACK")
        await log(database)
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM incident").fetchone() == (1,)
    await database.close()


async def test_a_wait_for_the_file_holds_up_no_reader(sqlite_url):
    database = Database(sqlite_url)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(log(database))
        for _ in range(20):
            await asyncio.sleep(0)
            await count_incidents(database)
        assert not waiting.done()
        other.execute("ROLLBACK")
    await waiting
    await database.close()


@pytest.mark.slow
async def test_others_go_on_while_a_long_read_looks_through_much(sqlite_url):
    slow = "WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 1000000) SELECT count(*) FROM s"
    database = Database(sqlite_url)

    async def reads(*, long: bool) -> None:
        async with database.read(long=long) as tx:
            assert (await tx.exec(text(slow))).scalar() == 1_000_000

    async def turns_of_others(*, long: bool) -> int:
        turns, reading = 0, asyncio.create_task(reads(long=long))
        while not reading.done():
            turns += 1
            await asyncio.sleep(0)
        await reading
        return turns

    await reads(long=True)
    await reads(long=False)
    assert await turns_of_others(long=True) > 100 > await turns_of_others(long=False)
    async with database.read(long=True) as tx:
        with pytest.raises(OperationalError, match="readonly"):
            await tx.exec(text("DELETE FROM incident"))
    await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/desk"])
def test_an_address_that_cannot_work_is_refused_in_a_sentence(url):
    with pytest.raises(UnfitAddress, match="Deskbell"):
        Database(url)


async def test_a_statement_is_compiled_once_for_all_databases_of_the_process(database, database_url, monkeypatch):
    compiled: list[str] = []
    compiler = ClauseElement._compiler

    def counted(self: ClauseElement, dialect: Dialect, **given: Any) -> Any:
        compiled.append(str(self))
        return compiler(self, dialect, **given)

    async def ask(opened: Database) -> None:
        async with opened.begin() as tx:
            await approvals.case(tx, "CHG-1", 1)
        async with opened.read() as tx:
            await approvals.case(tx, "CHG-1", 1)

    await ask(database)  # The first database of a driver compiles.
    await ask(database)
    monkeypatch.setattr(ClauseElement, "_compiler", counted)
    other = Database(database_url)
    await ask(other)
    await other.close()
    assert compiled == []


@pytest.mark.parametrize("long", [False, True])
async def test_a_database_that_closes_waits_for_whoever_reads(database_url: str, *, long: bool) -> None:
    database, told = Database(database_url), list[str]()
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def reads() -> None:
        async with database.read(long=long) as tx:
            await tx.exec(text("SELECT 1"))
            begun.set()
            await goes_on.wait()
            await tx.exec(text("SELECT 1"))
        told.append("has read")

    reading = asyncio.create_task(reads())
    await begun.wait()
    closing = asyncio.create_task(database.close())
    closing.add_done_callback(lambda _: told.append("closed"))
    for _ in range(20):
        await asyncio.sleep(0)
    goes_on.set()
    await asyncio.gather(reading, closing)
    assert told == ["has read", "closed"]


async def test_a_database_that_closes_ends_a_read_that_has_no_end_and_leaves_no_thread(sqlite_url, monkeypatch):
    monkeypatch.setattr("storage.db.database.CLOSE_SECONDS", 0.01)
    before = set(threading.enumerate())
    database, begun = Database(sqlite_url), asyncio.Event()

    async def reads() -> None:
        async with database.read() as tx:
            await tx.exec(text("SELECT 1"))
            begun.set()
            await asyncio.Event().wait()

    reading = asyncio.create_task(reads())
    await begun.wait()
    assert set(threading.enumerate()) > before
    await database.close()
    with pytest.raises(asyncio.CancelledError):
        await reading
    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join, 30)
        assert not thread.is_alive()


async def test_whoever_is_cancelled_while_a_file_is_opened_waits_for_it_and_closes_it():
    """Else the thread that opens it answers a loop that may have ended meanwhile."""
    may_open = threading.Event()

    def opened() -> sqlite3.Connection:
        may_open.wait(30)
        return sqlite3.connect(":memory:", check_same_thread=False)

    connection = sqlite.Reader(opened, 1)
    opening = asyncio.ensure_future(connection)
    for _ in range(5):
        await asyncio.sleep(0)
    opening.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not opening.done()
    may_open.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await asyncio.to_thread(connection._thread.join, 30)
    assert not connection._thread.is_alive()
