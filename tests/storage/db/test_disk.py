"""What somebody was told is on the disk, which is gone to once for all who commit meanwhile."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from records import incident
from sqlalchemy.exc import OperationalError
from sqlmodel import text

from storage.db import disk, sqlite
from storage.db.database import Database
from storage.incident import incidents

ENDINGS = ("", "-wal")
PAGE = 4096 + 24
"""Bytes in the log."""


class Power:
    """A disk that has what it was asked to keep, each time that it was asked, and nothing else."""

    def __init__(self, path: Path, flush: Callable[[int], None]) -> None:
        self.path, self._flush, self.kept = path, flush, path.with_name("kept.db")
        self.asked = 0
        self.broken = 0
        """How many times it says that it failed."""

    def __call__(self, file: int) -> None:
        self.asked += 1
        if self.broken:
            self.broken -= 1
            raise OSError("Input/output error")
        self._flush(file)
        self.keep(*ENDINGS)

    def keep(self, *endings: str) -> None:
        for ending in ENDINGS:
            copy = Path(f"{self.kept}{ending}")
            copy.unlink(missing_ok=True)
            if ending in endings:
                shutil.copyfile(f"{self.path}{ending}", copy)

    def log_size(self) -> int:
        return Path(f"{self.path}-wal").stat().st_size

    def numbers(self) -> set[int]:
        """Of the incidents that are there after a power cut."""
        copy = self.path.with_name("cut.db")
        for ending in ENDINGS:
            if Path(f"{self.kept}{ending}").exists():
                shutil.copyfile(f"{self.kept}{ending}", f"{copy}{ending}")
        with closing(sqlite3.connect(copy)) as cut:
            return {number for (number,) in cut.execute("SELECT number FROM incident")}


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def power(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Power:
    made = Power(Path(str(database.path)), disk._flush)
    made.kept = tmp_path / "kept.db"
    monkeypatch.setattr(disk, "_flush", made)
    return made


async def log(database: Database, number: int) -> None:
    async with database.begin() as tx:
        await incident(tx, number=number)


async def logged(database: Database) -> set[int]:
    async with database.read() as tx:
        return set((await tx.exec(text("SELECT number FROM incident"))).scalars().all())


async def test_who_is_told_that_it_is_saved_finds_it_after_a_power_cut(database: Database, power: Power) -> None:
    told: set[int] = set()

    async def saves(number: int) -> None:
        await log(database, number)
        assert number in power.numbers()
        told.add(number)

    await saves(1)
    await asyncio.gather(*map(saves, range(2, 32)))
    assert told == set(range(1, 32))


async def test_all_who_commit_meanwhile_go_to_the_disk_together(database: Database, power: Power) -> None:
    await log(database, 1)
    before = power.asked
    await asyncio.gather(*(log(database, number) for number in range(2, 42)))
    assert power.numbers() == set(range(1, 42))
    assert power.asked - before <= 4


@pytest.mark.parametrize("fails", [False, True])
async def test_who_reads_what_is_not_on_the_disk_yet_waits_for_it_too(
    database: Database, power: Power, fails: bool
) -> None:
    await log(database, 1)
    seen: list[set[int]] = []

    async def reads() -> None:
        async with database.read() as tx:
            seen.append(set((await tx.exec(text("SELECT number FROM incident"))).scalars().all()))
            if fails:
                raise ZeroDivisionError

    writing = asyncio.create_task(log(database, 2))
    while not seen or 2 not in seen[-1]:
        reading = asyncio.create_task(reads())
        await asyncio.wait([reading])
        assert seen[-1] <= power.numbers()
        assert isinstance(reading.exception(), ZeroDivisionError if fails else type(None))
    await writing


async def test_what_a_failing_disk_dropped_stands_in_the_database_before_anybody_hears_of_it(
    database: Database, power: Power, caplog: pytest.LogCaptureFixture
) -> None:
    await log(database, 1)
    power.broken = 1
    await log(database, 2)
    power.keep("")
    assert power.numbers() == {1, 2}
    assert "the disk did not take the log" in caplog.text
    await log(database, 3)
    assert power.numbers() == {1, 2, 3}


async def test_nobody_is_told_what_a_failing_disk_may_have_dropped(
    database: Database, power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "BUSY_SECONDS", 0.01)
    await log(database, 1)
    with closing(sqlite3.connect(power.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM incident").fetchone()
        power.broken = 1
        for number in (2, 3):
            with pytest.raises(OperationalError, match="copied into the database"):
                await log(database, number)
        with pytest.raises(OperationalError, match="copied into the database"):
            await logged(database)
    await log(database, 4)
    power.keep("")
    assert power.numbers() == {1, 2, 3, 4}
    assert await logged(database) == {1, 2, 3, 4}


async def test_who_gives_up_waiting_for_the_disk_keeps_nobody_else_from_it(database: Database, power: Power) -> None:
    await log(database, 1)
    first, *others = (asyncio.create_task(log(database, number)) for number in range(2, 6))
    assert database._disk is not None
    while database._disk.committed < 2:  # noqa: ASYNC110 - the disk tells nobody that it has been written to
        await asyncio.sleep(0)
    assert first.cancel()
    await asyncio.wait([first, *others])
    assert first.cancelled()
    assert [one.result() for one in others] == [None] * 3
    assert power.numbers() == {1, 2, 3, 4, 5}
    await log(database, 6)
    assert 6 in power.numbers()


async def test_the_log_is_copied_now_and_then_and_written_from_its_beginning_again(
    database: Database, power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ROWS", 30)
    monkeypatch.setattr(sqlite, "LOG_PAGES", 300)
    largest = 0
    for number in range(1, 201):
        await log(database, number)
        largest = max(largest, power.log_size())
    assert largest < 350 * PAGE  # and each of the two hundred writes a dozen pages
    assert await logged(database) == power.numbers() == set(range(1, 201))


async def test_what_is_closed_may_be_closed_again_and_used(database: Database, power: Power) -> None:
    power.broken = 1  # so that the log is copied, by a connection of the disk's own
    await log(database, 1)
    await database.close()
    await database.close()
    await log(database, 2)
    assert await logged(database) == {1, 2}
    assert 2 in power.numbers()


async def test_a_log_that_cannot_be_copied_is_told_of_and_nothing_else_waits_for_it(
    database: Database, power: Power, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(disk, "ROWS", 1)
    gone = sqlite3.connect(":memory:", check_same_thread=False)
    gone.close()
    monkeypatch.setattr(database._disk, "_connection", gone)
    await log(database, 1)
    await log(database, 2)
    assert "goes on growing" in caplog.text
    assert power.numbers() == {1, 2}


async def test_where_no_log_can_be_kept_each_commit_goes_to_the_disk(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "plain.db"
    with closing(sqlite3.connect(str(sqlite_url).removeprefix("sqlite:///"))) as migrated:
        migrated.execute("VACUUM INTO ?", [str(path)])
    database = Database(f"sqlite:///file:{path}?vfs=unix-dotfile&uri=true")
    try:
        async with database.begin() as tx:
            told = [(await tx.exec(text(f"PRAGMA {one}"))).scalar() for one in ("journal_mode", "synchronous")]
            assert told == ["delete", 2]
            await incident(tx, number=1)
        async with database.read() as tx:
            assert await incidents.get(tx, 1) is not None
    finally:
        await database.close()
