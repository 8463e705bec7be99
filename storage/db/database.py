"""The engine: write transactions one after another on SQLite, conditional updates on PostgreSQL, snapshots on both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db import sqlite
from storage.db.disk import Disk
from storage.db.kept import Sessions
from storage.db.prepared import COMPILED
from storage.db.queued import written
from storage.db.session import begin as say
from storage.db.session import transaction
from storage.db.snapshot import Answers, looking
from storage.db.urls import async_url

READERS = 4
PATIENT_READERS = 2
"""On SQLite: the third long read waits for the first."""
POSTGRES_POOL = 10
ABANDONED_SECONDS = 30
"""After which PostgreSQL ends a transaction whose process says nothing: frozen, it would hold up the others' sweep."""

CLOSE_SECONDS = 2.0
"""How long the end waits for transactions; a supervisor waits ten, of which the schedule's jobs may have taken five."""

_dialects: dict[type[Dialect], Dialect] = {}

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

_FOR_ALL: dict[str, Any] = {"hide_parameters": True, "execution_options": {"compiled_cache": COMPILED}}
"""What people typed stands in the parameters, which an error would otherwise tell, and the log with it."""

BeforeCommit = Callable[[AsyncSession], Awaitable[None]]
_inside: ContextVar["asyncio.Task[Any] | None"] = ContextVar("inside_transaction", default=None)


def in_transaction() -> bool:
    """Whether this task is inside `begin()` or `read()`: law 1's guard asks it before a call to Slack."""
    task = _inside.get()
    return task is not None and task is asyncio.current_task()


class NestedTransaction(RuntimeError):
    """This task is inside a transaction already; hand `tx` down instead of beginning another."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


def _nothing() -> None:
    """Stands where nobody waits for a commit."""


class Database:
    """One database for one event loop. `on_commit` is called after each commit: it wakes the relay. `before_commit`
    is the last that each write transaction does: it queues what is told of the facts in it."""

    def __init__(
        self, url: str, *, on_commit: Callable[[], None] = _nothing, before_commit: BeforeCommit | None = None
    ) -> None:
        """Raises UnfitAddress. `sqlite:///file.db`, `postgresql://…` and `postgresql+psycopg://…` will do."""
        address = async_url(url)
        self.url = url
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.path = address.database if self.is_sqlite else None
        """The file, on SQLite."""
        self._on_commit, self._before_commit = on_commit, before_commit
        self._open = _OpenTransactions()
        if self.is_sqlite:
            self._disk: Disk | None = Disk(str(self.path))
            self._writer, self._reader, self._patient = _sqlite_engines(address, self._disk)
            # In line for the one writer: else those of this process would poll for SQLite's own lock.
            self._writes: Sessions | None = Sessions(self._writer, 1, sqlite.BEGIN_WRITE)
            self._reads: Sessions | None = Sessions(self._reader, READERS, "BEGIN")
        else:
            self._disk = None
            self._writer, self._reader = _postgres_engines(address)
            self._patient = self._reader
            # There a connection is tried before each transaction: the server may have ended it.
            self._writes, self._reads = None, None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A write transaction: commits on leaving, rolls back on an exception. Raises NestedTransaction."""
        async with self._told_when_kept():
            kept = self._writes
            async with kept.transaction() if kept else transaction(self._writer) as session:
                yield session
                if self._before_commit is not None:
                    await self._before_commit(session)
                await written(session)
        self._on_commit()

    @asynccontextmanager
    async def read(self, *, long: bool = False, known: Answers | None = None) -> AsyncIterator[AsyncSession]:
        """One consistent snapshot, in which nothing can be written. Raises NestedTransaction.

        `long`: it may look through much. On SQLite it then does so beside the event loop, which others wait for.
        `known`: what the same request read just before is not asked again.
        """
        async with self._told_when_kept():
            kept = None if long else self._reads
            async with kept.transaction() if kept else transaction(self._patient) as session:
                with looking(session, known):
                    yield session

    @asynccontextmanager
    async def _told_when_kept(self) -> AsyncIterator[None]:
        """Who leaves goes on with what a power cut cannot take back, whoever committed it: also a refusal says what is
        true. Raises NestedTransaction, OperationalError."""
        with self._open.entered():
            try:
                yield
            except Exception:
                await self.kept()
                raise
            await self.kept()

    async def kept(self) -> None:
        """What has been committed so far cannot be taken back by a power cut. Raises OperationalError."""
        if self._disk is not None:
            await self._disk.has(self._disk.committed)

    async def close(self) -> None:
        """Waits for what is read or written, and ends what takes too long: a pool that is disposed of takes nothing
        back, so that its connection, and on SQLite a thread, would stay."""
        await self._open.end(CLOSE_SECONDS)
        for kept in filter(None, (self._writes, self._reads)):
            await kept.close()
        if self._disk is not None:
            await self._disk.close()
        await self._patient.dispose()
        await self._reader.dispose()
        await self._writer.dispose()


class _OpenTransactions:
    """Who is within a transaction, so that the end waits for them."""

    def __init__(self) -> None:
        self._tasks = set[asyncio.Task[Any]]()
        self._left = asyncio.Event()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Raises NestedTransaction."""
        if in_transaction():
            raise NestedTransaction
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - only a task can await what is within
        _inside.set(task)
        self._tasks.add(task)
        try:
            yield
        finally:
            _inside.set(None)
            self._tasks.discard(task)
            self._left.set()

    async def end(self, seconds: float) -> None:
        """Those of other tasks; whoever is at one still after as many seconds is cancelled."""
        for cancelled in (False, True):
            for task in self._others() if cancelled else ():
                task.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while self._others():
                        self._left.clear()
                        await self._left.wait()

    def _others(self) -> Collection[asyncio.Task[Any]]:
        return self._tasks - {asyncio.current_task()}


def _sqlite_engines(address: URL, disk: Disk) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    by = "async_creator_fn"
    writer = create_async_engine(address, pool_size=1, max_overflow=0, connect_args={by: sqlite.writer}, **_FOR_ALL)
    reader = create_async_engine(
        address, pool_size=READERS, max_overflow=0, connect_args={by: sqlite.reader}, **_FOR_ALL
    )
    patient = create_async_engine(
        address, pool_size=PATIENT_READERS, max_overflow=0, connect_args={by: sqlite.patient_reader}, **_FOR_ALL
    )
    pragmas = (f"busy_timeout={sqlite.BUSY_MS}", *_SQLITE_PRAGMAS)
    _prepare(writer, sqlite.BEGIN_WRITE, pragmas, disk)
    for engine in (reader, patient):
        _prepare(engine, "BEGIN", (*pragmas, "query_only=ON"))
    return writer, reader, patient


def _prepare(engine: AsyncEngine, begin: str, pragmas: tuple[str, ...], disk: Disk | None = None) -> None:
    """The driver left to itself begins late and reads outside the transaction: so it is told nothing and we begin."""

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        if disk is not None:
            connection.driver_connection.keep_on(disk)

    def begun(connection: Connection) -> None:
        say(connection, begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
    _compiles_once(engine)


def _compiles_once(*engines: AsyncEngine) -> None:
    """What is compiled of a statement is kept under the object of the dialect: with one for all engines of a driver
    the writer, the readers and the next database of the process share it.

    The first one is ready only once it has connected. A connection keeps the dialect that its engine had as it began,
    so the next engines have it before they connect.
    """

    def share(*_: object) -> None:
        for engine in engines:
            own = engine.sync_engine.dialect
            engine.sync_engine.dialect = _dialects.setdefault(type(own), own)

    if type(engines[0].sync_engine.dialect) in _dialects:
        share()
    else:
        event.listen(engines[0].sync_engine, "connect", share)


def _postgres_engines(address: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """Two views of one pool. Pre-ping, so that a restart of the server costs no request."""
    given = str(address.query.get("options", ""))
    abandoned = f"-c idle_in_transaction_session_timeout={round(ABANDONED_SECONDS * 1000)}"
    writer = create_async_engine(
        address,
        connect_args={"options": f"{given} {abandoned}".strip()},
        pool_size=POSTGRES_POOL,
        max_overflow=POSTGRES_POOL,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        **_FOR_ALL,
    )
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    _compiles_once(writer, reader)
    return writer, reader
