"""The few statements that SQLAlchemy makes different for each database, or verbose for both."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Table

AS_WRITTEN: dict[str, Any] = {"synchronize_session": False, "preserve_rowcount": True}
"""A conditional statement is answered by its row count; objects in memory are read again, never guessed at."""


def insert(tx: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, of which both databases speak the same dialect."""
    if tx.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def changed(tx: AsyncSession, statement: UpdateBase) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    result = await tx.exec(statement, execution_options=AS_WRITTEN)
    return result.rowcount


async def step(
    tx: AsyncSession, table: Any, number: int, frm: Any, revision: int | None, values: Any, *also: ColumnElement[bool]
) -> bool:
    """Law 3: state and revision stand in the WHERE, and the row count is the answer; `also` is asked with them."""
    statement = update(table).where(col(table.number) == number, col(table.state).in_(list(frm)), *also).values(values)
    if revision is not None:
        statement = statement.where(col(table.revision) == revision)
    return await changed(tx, statement) == 1


async def count(tx: AsyncSession, table: Any, states: Any) -> int:
    """How many records are in one of these states."""
    query = select(func.count()).select_from(table).where(col(table.state).in_(list(states)))
    return (await tx.exec(query)).one()
