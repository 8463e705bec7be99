"""SQLite behind asyncio in as few trips to its thread as can be.

aiosqlite runs each call on the connection's thread, and SQLAlchemy makes four for a statement (cursor, execute, fetch,
close). Each trip costs about 0.15 ms of two threads taking turns; here a statement is one.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from typing import Any

import aiosqlite


class _Cursor:
    """What SQLAlchemy asks of a cursor. Nothing is left open on the thread once a statement was executed."""

    arraysize = 1

    def __init__(self, run: Callable[..., Awaitable[Any]], connection: sqlite3.Connection) -> None:
        self._run, self._connection = run, connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> "_Cursor":
        return await self._executed(sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        return await self._executed(sqlite3.Cursor.executemany, statement, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was, on the thread, as soon as its rows were read."""

    async def _executed(self, how: Callable[..., sqlite3.Cursor], *told: Any) -> "_Cursor":
        await self._run(self._on_the_thread, how, *told)
        return self

    def _on_the_thread(self, how: Callable[..., sqlite3.Cursor], *told: Any) -> None:
        with closing(self._connection.cursor()) as cursor:
            how(cursor, *told)
            self._rows = cursor.fetchall()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid


class Connection(aiosqlite.Connection):
    def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self._execute, self._conn)


def connect(path: str, **options: Any) -> Connection:
    """For create_engine's `async_creator_fn`."""
    connection = Connection(lambda: sqlite3.connect(path, **options), 64)
    connection._thread.daemon = True
    return connection
