"""Statements are put together once a process, though each story has a database of its own.

A pytest plugin. SQLAlchemy finds a statement that it has compiled by its engine and by its dialect. Here all engines of
one driver share one cache and their dialects are equal, which is true: each speaks to the same server, or to SQLite.
"""

from sqlalchemy import Connection, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache

_STATEMENTS: LRUCache[object, object] = LRUCache(2000)


def pytest_configure() -> None:
    for dialect in (SQLiteDialect_aiosqlite, PGDialectAsync_psycopg):
        dialect.__eq__ = _is_alike
        dialect.__hash__ = _kind
    event.listen(Engine, "engine_connect", _share)


def _is_alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _kind(dialect: Dialect) -> int:
    return hash(type(dialect))


def _share(connection: Connection) -> None:
    connection.engine._compiled_cache = _STATEMENTS
