"""A session that gives most statements to their driver by the shortest way, and the rest to SQLAlchemy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection as SyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.util.concurrency import await_, greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.added import inserted
from storage.db.prepared import Ready, alike, prepared
from storage.db.sqlite import Connection as SQLite
from storage.db.sqlite import Ran

_NOTHING: Mapping[str, Any] = {}


class Session(AsyncSession):
    """SQLModel's; `exec` answers a statement itself that it knows (`storage/db/prepared.py`)."""

    begun: SessionTransaction

    async def exec(
        self, statement: Any, *, params: Any = None, execution_options: Mapping[str, Any] = _NOTHING, **more: Any
    ) -> Any:
        connection = None if more else await self._usable()
        if connection is not None:
            given: Any = params or _NOTHING
            many = not isinstance(given, Mapping)
            if many and len(given) == 1:
                given, many = given[0], False
            dialect = connection.dialect
            ready = prepared(statement, given[0] if many else given, dialect, execution_options, many=many)
            if ready is None and not many and (found := alike(statement, given, dialect, execution_options)):
                ready, given = found
            call = None if ready is None else _filled(ready, given, many=many)
            if ready is not None and call is not None:
                # As SQLAlchemy does: what is asked of the database must be told of what waits to be written.
                if not (self.sync_session._flushing or self.sync_session._is_clean()):
                    await self.flush()
                return ready.rows.read(self.sync_session, dialect, await _run(connection, call))
        return await super().exec(statement, params=params, execution_options=execution_options, **more)

    async def flush(self, objects: Any = None) -> None:
        if objects is not None or not await inserted(self):
            await super().flush(objects)

    async def _usable(self) -> SyncConnection | None:
        """The connection that the transaction has, or begins on; None where SQLAlchemy has to say what is amiss."""
        transaction: SessionTransaction | None = self.sync_session._transaction
        if transaction is None or not transaction.is_active:
            return None
        bind: Any = self.sync_session.bind
        found = transaction._connections.get(bind)
        connection = found[0] if found else await greenlet_spawn(self.sync_session.connection)
        return connection if _is_sound(connection) else None

    async def begin_again(self, statement: str) -> None:
        """On the connection that it has, past SQLAlchemy, which takes it for the same transaction."""
        self.info.clear()
        await _run(self._connection, _Call(statement, (), many=False))

    async def end_for_now(self) -> None:
        """Commits as `begin_again` began, to the log: whoever tells of it waits for the disk. No object that was read
        or added belongs to it any more."""
        connection = self._connection
        driver: Any = connection.connection.driver_connection
        try:
            await driver.commit_to_log()
        except BaseException as fault:
            await greenlet_spawn(_fail, connection, fault, "COMMIT")
            raise
        self.sync_session.expunge_all()
        self.begun._take_snapshot()

    @property
    def _connection(self) -> SyncConnection:
        bind: Any = self.sync_session.bind
        return self.begun._connections[bind][0]

    async def is_plain(self) -> bool:
        """Whether it has its connection and nothing else, no savepoint and no fault, once its rows are written."""
        session: Any = self.sync_session
        if not session._is_clean():
            await self.flush()
        found = self.begun._connections.get(session.bind)
        if found is None or session._transaction is not self.begun or not self.begun.is_active:
            return False
        return _is_sound(found[0]) and found[0].get_nested_transaction() is None


def _is_sound(connection: SyncConnection) -> bool:
    begun, within = connection.get_transaction(), connection.get_nested_transaction()
    active = begun is not None and begun.is_active and (within is None or within.is_active)
    return active and not connection.invalidated


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[Session]:
    """Commits on leaving, rolls back on an exception."""
    session = opened(engine)
    try:
        yield session
    except BaseException as fault:
        await ended(session, fault)
        raise
    await ended(session)


def opened(engine: AsyncEngine) -> Session:
    """A session in a transaction, for which `ended` must be called."""
    # populate_existing: after a conditional UPDATE a query must tell what the row is, not what it was when first read.
    session = Session(engine, expire_on_commit=False, execution_options={"populate_existing": True})
    session.begun = session.sync_session.begin()
    return session


async def ended(session: Session, fault: BaseException | None = None) -> None:
    """Commits, or rolls back where there is a fault, and gives the connection back.

    As SQLAlchemy's own, which takes a greenlet each to begin, to end and to close, and closes in a task of its own, so
    that whoever is cancelled leaves no connection behind. Here only a transaction that could not be ended does.
    """
    try:
        told = (None, None, None) if fault is None else (type(fault), fault, fault.__traceback__)
        await greenlet_spawn(session.begun.__exit__, *told)
    finally:
        if session.sync_session.in_transaction():
            await session.__aexit__(None, None, None)
        else:
            session.sync_session.close()


def begin(connection: SyncConnection, statement: str) -> None:
    """Say it as any other statement: who listens hears it, and a fault is SQLAlchemy's. In a greenlet of its."""
    await_(_run(connection, _Call(statement, (), many=False)))


class _Call(NamedTuple):
    sql: str
    values: Any
    many: bool


def _filled(ready: Ready, given: Any, *, many: bool) -> _Call | None:
    """None where values are missing or unfit: SQLAlchemy says which."""
    try:
        filling = ready.filling(given[0] if many else given)
        return _Call(filling.sql, [filling(row) for row in given] if many else filling(given), many)
    except Exception:  # noqa: BLE001  # whatever it is, it comes up again in the words of SQLAlchemy
        return None


async def _run(connection: SyncConnection, call: _Call) -> Ran:
    sql, values, many = call
    dispatch, engines = connection.dispatch, connection.engine.dispatch
    heard = engines.before_cursor_execute or engines.after_cursor_execute  # Nobody listens to one connection alone.
    context = SimpleNamespace() if heard else None  # Who traces statements keeps the span on it.
    if heard:
        for told in dispatch.before_cursor_execute:
            sql, values = told(connection, None, sql, values, context, many)
    driver: Any = connection.connection.driver_connection
    try:
        if isinstance(driver, SQLite):
            ran = await driver.run(sql, values, many=many)
        else:
            ran = await _on_postgres(driver, sql, values, many=many)
    except BaseException as fault:
        await greenlet_spawn(_fail, connection, fault, sql)
        raise
    if heard:
        for told in dispatch.after_cursor_execute:
            told(connection, None, sql, values, context, many)
    return ran


async def _on_postgres(driver: Any, sql: str, values: Any, *, many: bool) -> Ran:
    async with driver.cursor() as cursor:
        await (cursor.executemany if many else cursor.execute)(sql, values)
        rows = await cursor.fetchall() if cursor.description else []
        return Ran(rows, cursor.description, cursor.rowcount, None)


def _fail(connection: SyncConnection, fault: BaseException, sql: str) -> None:
    """SQLAlchemy's own: it says of which of its kinds the fault is, and throws a connection away that is lost."""
    if not isinstance(fault, Exception) or isinstance(fault, connection.dialect.loaded_dbapi.Error):
        try:
            raise fault
        except BaseException as again:  # noqa: BLE001  # it raises what it makes of it
            connection._handle_dbapi_exception(again, sql, None, None, None)
