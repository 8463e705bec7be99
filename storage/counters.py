"""Rows that are held while what stands in them is counted on: one taker at a time, until the transaction ends."""

from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insertion, run
from storage.tables import Counter


def _raised(row: Any) -> Any:
    raised = row.on_conflict_do_update(index_elements=["noun"], set_={"last": col(Counter.last) + bindparam("step")})
    return raised.returning(col(Counter.last))


_COUNT = insertion(Counter, _raised)


async def hold(tx: AsyncSession, name: str) -> int:
    """What it was counted to; whoever holds the same name waits until this transaction ends."""
    return await count_on(tx, name, 0)


async def count_on(tx: AsyncSession, name: str, by: int) -> int:
    """Counts on, and holds as `hold` does; the count from then on."""
    return int((await run(tx, _COUNT(tx), {"noun": name, "last": by, "step": by})).scalar_one())


async def last(tx: AsyncSession, name: str) -> int:
    """What it was counted to, unheld; 0 before the first."""
    return (await tx.exec(select(Counter.last).where(Counter.noun == name))).first() or 0


async def advance(tx: AsyncSession, name: str, to: int) -> None:
    """Counts up to `to`, by the one who holds it."""
    await changed(tx, update(Counter).where(col(Counter.noun) == name).values(last=to))
