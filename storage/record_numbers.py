"""Numbers without gaps: INC-1, INC-2, … A rolled-back transaction gives its number back."""

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


async def next_number(tx: AsyncSession, noun: str) -> int:
    """The next number; holds the noun's row until the transaction ends, so that two never get the same."""
    return await _counted(tx, noun, first=1, step=1)


async def hold(tx: AsyncSession, noun: str) -> int:
    """The last number given out, held as `next_number` holds it: one taker at a time."""
    return await _counted(tx, noun, first=0, step=0)


async def _counted(tx: AsyncSession, noun: str, *, first: int, step: int) -> int:
    return int((await run(tx, _COUNT(tx), {"noun": noun, "last": first, "step": step})).scalar_one())


async def last(tx: AsyncSession, noun: str) -> int:
    """The last number given out, unheld; 0 before the first."""
    return (await tx.exec(select(Counter.last).where(Counter.noun == noun))).first() or 0


async def advance(tx: AsyncSession, noun: str, to: int) -> None:
    """Say that numbers up to `to` were given out, by the one who holds the noun."""
    await changed(tx, update(Counter).where(col(Counter.noun) == noun).values(last=to))
