"""The dashboard as it was counted last."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import Dashboard

_ONE = 1


async def newest(tx: AsyncSession) -> Dashboard | None:
    return await tx.get(Dashboard, _ONE)


async def keep(tx: AsyncSession, content: str, at: datetime) -> None:
    """In place of the one before."""
    values = {"number": _ONE, "content": content, "as_of": at}
    row = insert(tx, Dashboard).values(values)
    await changed(tx, row.on_conflict_do_update(index_elements=["number"], set_=values))
