"""What is laid over rotas by calendars from elsewhere, and when each was read."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insertion
from storage.tables import OnCallOverride, RotaCalendarState

_BEGIN = insertion(RotaCalendarState, lambda row: row.on_conflict_do_nothing(index_elements=["key"]))
_S = RotaCalendarState


async def every(tx: AsyncSession) -> list[RotaCalendarState]:
    return list(await tx.exec(select(_S).order_by(col(_S.key))))


async def hold(tx: AsyncSession, key: str, now: datetime) -> RotaCalendarState:
    """Its state, held until the transaction ends: two replicas never lay the same twice."""
    await changed(tx, _BEGIN(tx), _S(key=key, tried_at=now).model_dump())
    await changed(tx, update(_S).where(col(_S.key) == key).values(tried_at=now))
    return (await tx.exec(select(_S).where(_S.key == key).execution_options(populate_existing=True))).one().model_copy()


async def read(tx: AsyncSession, key: str, now: datetime, unmatched: str) -> None:
    await changed(tx, update(_S).where(col(_S.key) == key).values(read_at=now, error="", unmatched=unmatched, waits=0))


async def failed(tx: AsyncSession, key: str, because: str, waits: int, now: datetime) -> None:
    await changed(tx, update(_S).where(col(_S.key) == key).values(tried_at=now, error=because, waits=waits))


async def wait_no_more(tx: AsyncSession) -> None:
    await changed(tx, update(_S).where(col(_S.waits) > 0).values(waits=0))


async def laid(tx: AsyncSession, key: str, now: datetime) -> list[OnCallOverride]:
    """What it says of the time that is not over."""
    query = select(OnCallOverride).where(
        OnCallOverride.source == key, col(OnCallOverride.ends_at) > now, col(OnCallOverride.withdrawn_at).is_(None)
    )
    return list(await tx.exec(query.order_by(col(OnCallOverride.id))))


async def forget_but(tx: AsyncSession, keys: Collection[str]) -> None:
    """The states of all others. Waits for who holds one, so that what they lay is there to be withdrawn."""
    await changed(tx, delete(_S).where(col(_S.key).not_in(list(keys))))


async def laid_but(tx: AsyncSession, keys: Collection[str], now: datetime) -> list[OnCallOverride]:
    """What all other calendars say of the time that is not over."""
    query = select(OnCallOverride).where(
        col(OnCallOverride.source).is_not(None),  # what people laid: NULL NOT IN () is true
        col(OnCallOverride.source).not_in(list(keys)),
        col(OnCallOverride.ends_at) > now,
        col(OnCallOverride.withdrawn_at).is_(None),
    )
    return list(await tx.exec(query.order_by(col(OnCallOverride.id))))
