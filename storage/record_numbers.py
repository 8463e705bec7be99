"""Numbers of records: INC-1, INC-2, …

On PostgreSQL they come from a sequence a noun, so that nobody waits for another's: a transaction that is rolled back
leaves a gap. On SQLite, which has one writer at a time, they are counted in a row, which has none.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import counters
from storage.sql import run

_TAKE = text("SELECT nextval(CAST('number_' || lower(:noun) AS regclass)) FROM generate_series(1, :count)")


async def next_number(tx: AsyncSession, noun: str) -> int:
    return (await take(tx, noun, 1))[0]


async def take(tx: AsyncSession, noun: str, count: int) -> Sequence[int]:
    """The next numbers, the smallest first."""
    if count == 0:
        return []
    if tx.get_bind().dialect.name == "postgresql":
        return list((await run(tx, _TAKE, {"noun": noun, "count": count})).scalars())
    last = await counters.count_on(tx, noun, count)
    return range(last - count + 1, last + 1)
