"""The few statements that SQLAlchemy makes different for each database, or verbose for both.

What is asked at every request and every message is put together once, as a constant with named values: to put a
statement together costs three to five times what it costs to run it (INSERT 269 against 56 µs, SELECT 189 against 64).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Executable, Update
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.totals import COUNTED_MOST, Total
from storage.tables import Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

AS_WRITTEN: dict[str, Any] = {"synchronize_session": False, "preserve_rowcount": True}
"""A conditional statement is answered by its row count; objects in memory are read again, never guessed at."""

_ESCAPE = "\\"

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""By name: of a statement, or of each row that it is run for."""

Prepared = Callable[[AsyncSession], Executable]
"""A statement as the database of a transaction speaks it."""


@cache
def _inserting(dialect: str) -> Callable[[Any], Any]:
    """The INSERT of the database at hand alone: PostgreSQL's dialect takes 2.5 MiB."""
    made: Callable[[Any], Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return made


def insert(tx: AsyncSession, table: type[Table]) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows ON CONFLICT, of which both databases speak the same dialect."""
    made: postgresql.Insert | sqlite.Insert = _inserting(_dialect(tx))(table)
    return made


def insertion(table: type[Table], completed: Callable[[Any], Any] = lambda row: row) -> Prepared:
    """An INSERT that is put together once and given its values later; `completed` says what follows VALUES."""
    whole: Callable[[str], Executable] = cache(lambda dialect: completed(_inserting(dialect)(table.__table__)))  # type: ignore[attr-defined]
    return lambda tx: whole(_dialect(tx))


def spoken(dialects: Mapping[str, Executable]) -> Prepared:
    """One statement in the words of each database."""
    return lambda tx: dialects[_dialect(tx)]


async def run(tx: AsyncSession, statement: Executable, values: Values | None = None) -> Any:
    """What a statement that is no query of ours answers: a CursorResult."""
    return await tx.exec(statement, params=values, execution_options=AS_WRITTEN)  # type: ignore[call-overload]


async def changed(tx: AsyncSession, statement: Executable, values: Values | None = None) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    touched: int = (await run(tx, statement, values)).rowcount
    return touched


async def alone(tx: AsyncSession, work: int) -> bool:
    """Whether this transaction alone does a work, by its number, until it ends; False where another one is at it."""
    if has_one_writer(tx):
        return True
    return bool((await tx.exec(select(func.pg_try_advisory_xact_lock(work)))).one())


async def step(
    tx: AsyncSession, table: Any, number: int, frm: Any, revision: int | None, values: Any, *also: ColumnElement[bool]
) -> bool:
    """Law 3: state and revision stand in the WHERE, and the row count is the answer; `also` is asked with them."""
    return await changed(tx, stepping(table, number, frm, revision, values, *also)) == 1


def stepping(
    table: Any, number: int, frm: Any, revision: int | None, values: Any, *also: ColumnElement[bool]
) -> Update:
    """The statement of `step`."""
    statement = update(table).where(col(table.number) == number, col(table.state).in_(list(frm)), *also).values(values)
    return statement if revision is None else statement.where(col(table.revision) == revision)


async def count(tx: AsyncSession, table: Any, states: Any) -> int:
    """How many records are in one of these states."""
    query = select(func.count()).select_from(table).where(col(table.state).in_(list(states)))
    return (await tx.exec(query)).one()


async def counted(tx: AsyncSession, query: Any, values: Values | None = None) -> Total:
    """How many rows a query finds, as far as it is counted."""
    return Total.of((await tx.exec(counting(query), params=values)).one())


def counting(query: Any) -> Any:
    """The statement of `counted`, to be put together once."""
    return select(func.count()).select_from(query.limit(COUNTED_MOST + 1).subquery())


def has_one_writer(tx: AsyncSession) -> bool:
    """Whether write transactions follow each other, as on SQLite: then nothing is under way in another."""
    return _dialect(tx) == "sqlite"


def _dialect(tx: AsyncSession) -> str:
    return tx.get_bind().dialect.name


def containing(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a text has this word in it, in large or small letters."""
    plain = word.replace(_ESCAPE, _ESCAPE * 2).replace("%", rf"{_ESCAPE}%").replace("_", rf"{_ESCAPE}_")
    return col(column).ilike(f"%{plain}%", escape=_ESCAPE)
