"""Numbers without gaps: INC-1, INC-2, … A rolled-back transaction gives its number back."""

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed, insert
from storage.tables import Counter


async def next_number(tx: AsyncSession, noun: str) -> int:
    """The next number; holds the noun's row until the transaction ends, so that two never get the same."""
    return await _counted(tx, noun, first=1, step=1)


async def hold(tx: AsyncSession, noun: str) -> int:
    """The last number given out, held as `next_number` holds it: one taker at a time."""
    return await _counted(tx, noun, first=0, step=0)


async def _counted(tx: AsyncSession, noun: str, *, first: int, step: int) -> int:
    statement = (
        insert(tx, Counter)
        .values(noun=noun, last=first)
        .on_conflict_do_update(index_elements=["noun"], set_={"last": col(Counter.last) + step})
        .returning(col(Counter.last))
    )
    result = await tx.exec(statement)
    return int(result.scalar_one())


async def last(tx: AsyncSession, noun: str) -> int:
    """The last number given out, unheld; 0 before the first."""
    return (await tx.exec(select(Counter.last).where(Counter.noun == noun))).first() or 0


async def advance(tx: AsyncSession, noun: str, to: int) -> None:
    """Say that numbers up to `to` were given out, by the one who holds the noun."""
    await changed(tx, update(Counter).where(col(Counter.noun) == noun).values(last=to))
