"""SQLite behind asyncio, on the event loop's own thread wherever a statement is short.

aiosqlite runs each call on the connection's own thread, and SQLAlchemy makes four for a statement (cursor, execute,
fetch, close). A trip is two threads taking turns, 0.15 ms; a statement of ours takes a tenth of that. So statements run
where they are asked for, and what may wait goes to the thread: for the disk at a commit, for the writer's lock where
another process has it, and for what may have to look through much (`PatientReader`).
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import aiosqlite

from storage.db.disk import Disk

BEGIN_WRITE = "BEGIN IMMEDIATE"
BUSY_MS = 2500
"""How long to wait for another process's lock: Slack waits three seconds for an answer, and one must be left."""
LOG_PAGES = 10_000
"""Of the log, after which a commit copies it into the database itself. `Disk` has copied nearly all of it by then,
beside those who write; but while they never pause, something is always left, and the log is not begun anew."""


class Connection(aiosqlite.Connection):
    def cursor(self) -> "_Cursor":  # type: ignore[override]
        return _Cursor(self)

    async def run(self, statement: str, *told: Any, many: bool = False) -> "Ran":
        return self._run(statement, *told, many=many)

    def _run(self, statement: str, *told: Any, many: bool = False) -> "Ran":
        return _read((self._conn.executemany if many else self._conn.execute)(statement, *told))

    async def commit_to_log(self) -> None:
        await self.commit()

    async def _connect(self) -> "Connection":
        """Whoever is cancelled waits until the file is open, and closes it: the thread would answer a loop that may
        have ended meanwhile."""
        opening: asyncio.Task[object] = asyncio.create_task(super()._connect())
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.wait({opening})
            if opening.exception() is None:
                await self.close()
            raise
        return self

    async def rollback(self) -> None:
        """The pool asks for it after each commit too."""
        if self._conn.in_transaction:
            await super().rollback()


class Writer(Connection):
    """It waits for a lock at its beginning alone, and for the disk behind its end."""

    disk: Disk | None = None
    _rows = 0

    async def run(self, statement: str, *told: Any, many: bool = False) -> "Ran":
        if statement == BEGIN_WRITE:
            return _read(self._begin_at_once() or await self._execute(self._begin_patiently))  # type: ignore[no-untyped-call]
        return self._run(statement, *told, many=many)

    def keep_on(self, disk: Disk) -> None:
        """Where the file is in WAL mode, which not every file system allows: else each commit goes to the disk."""
        (mode,) = self._conn.execute("PRAGMA journal_mode").fetchone()
        if mode == "wal":
            self._conn.execute("PRAGMA synchronous=NORMAL")
            self._conn.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
            self.disk = disk
        self._conn.execute("PRAGMA busy_timeout=0")

    async def commit(self) -> None:
        """As SQLAlchemy asks for it: the disk has it then."""
        await self.commit_to_log()
        if self.disk is not None:
            await self.disk.has(self.disk.committed)

    async def commit_to_log(self) -> None:
        """The next one may begin; who asked waits for the disk."""
        if self.disk is None:
            await super().commit()
            return
        self._conn.commit()
        before, self._rows = self._rows, self._conn.total_changes
        self.disk.commit(self._rows - before)

    def _begin_at_once(self) -> sqlite3.Cursor | None:
        """Where nobody has the lock, which is nearly always."""
        try:
            return self._conn.execute(BEGIN_WRITE)
        except sqlite3.OperationalError:
            # Said again on the thread, where whoever waits for it waits alone; what else is amiss comes up there.
            return None

    def _begin_patiently(self) -> sqlite3.Cursor:
        self._conn.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        try:
            return self._conn.execute(BEGIN_WRITE)
        finally:
            self._conn.execute("PRAGMA busy_timeout=0")


class Reader(Connection):
    """In WAL mode a snapshot waits for nobody."""

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)


class PatientReader(Connection):
    """On its own thread, in one trip a statement: SQLite lets others go on in Python while it looks for a row."""

    async def run(self, statement: str, *told: Any, many: bool = False) -> "Ran":
        ran: Ran = await self._execute(partial(self._run, statement, *told, many=many))  # type: ignore[no-untyped-call]
        return ran


class Ran(NamedTuple):
    """What came of a statement."""

    rows: list[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


def _read(cursor: sqlite3.Cursor) -> Ran:
    try:
        rows = cursor.fetchall()
        return Ran(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


class _Cursor:
    """What SQLAlchemy asks of a cursor; the driver's own is closed as soon as its rows are read."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> "_Cursor":
        return self._keep(await self._connection.run(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        return self._keep(await self._connection.run(statement, parameters, many=True))

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was, as soon as it had been executed."""

    def _keep(self, ran: Ran) -> "_Cursor":
        self._rows, self.description, self.rowcount, self.lastrowid = ran
        return self


def writer(path: str, **options: Any) -> Connection:
    """For create_engine's `async_creator_fn`."""
    return _opened(Writer, path, options)


def reader(path: str, **options: Any) -> Connection:
    """For create_engine's `async_creator_fn`."""
    return _opened(Reader, path, options)


def patient_reader(path: str, **options: Any) -> Connection:
    """For create_engine's `async_creator_fn`."""
    return _opened(PatientReader, path, options)


def _opened(kind: type[Connection], path: str, options: dict[str, Any]) -> Connection:
    connection = kind(lambda: sqlite3.connect(path, **options | {"check_same_thread": False}), 1)
    connection._thread.daemon = True
    return connection
