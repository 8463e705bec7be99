"""Questions about service accounts."""

from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.snapshot import stirred
from storage.sql import changed, insertion
from storage.tables import ServiceAccount

_ADD = insertion(ServiceAccount, lambda row: row.on_conflict_do_nothing(index_elements=["key"]))


async def add(tx: AsyncSession, account: ServiceAccount) -> bool:
    """Whether there was none of this key."""
    stirred(tx)
    return await changed(tx, _ADD(tx), account.model_dump()) == 1


async def one(tx: AsyncSession, key: str) -> ServiceAccount | None:
    return (await tx.exec(select(ServiceAccount).where(ServiceAccount.key == key))).first()


async def every(tx: AsyncSession) -> list[ServiceAccount]:
    return list(await tx.exec(select(ServiceAccount).order_by(col(ServiceAccount.key))))


async def close(tx: AsyncSession, key: str, now: datetime) -> bool:
    """Whether it was open until now."""
    is_open = update(ServiceAccount).where(col(ServiceAccount.key) == key, col(ServiceAccount.closed_at).is_(None))
    stirred(tx)
    return await changed(tx, is_open.values(closed_at=now)) == 1
