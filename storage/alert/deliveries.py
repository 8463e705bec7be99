"""Deliveries of monitoring systems that wait to be worked off."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, text, update
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import alone, changed, insertion, run
from storage.tables import AlertDelivery
from storage.tables.practices.alerts import WAITING

BATCH = 1000
TAKEN = 0x616C7274
"""What the replica that works deliveries off holds on PostgreSQL."""

_KEEP = insertion(AlertDelivery)
_FIRST = select(AlertDelivery.id).where(text(WAITING)).limit(1)
_NEXT = select(AlertDelivery).where(text(WAITING)).order_by(col(AlertDelivery.id)).limit(bindparam("most"))


async def keep(tx: AsyncSession, source: str, content: bytes, made: str, now: datetime) -> None:
    row = {"source": source, "content": content, "made": made, "received_at": now, "outcome": ""}
    await run(tx, _KEEP(tx), row)


async def is_waiting(tx: AsyncSession) -> bool:
    return (await tx.exec(_FIRST)).first() is not None


async def take_up(tx: AsyncSession) -> bool:
    """Whether this transaction alone works deliveries off, until it ends: they are worked off in their order."""
    return await alone(tx, TAKEN)


async def waiting(tx: AsyncSession, most: int) -> list[AlertDelivery]:
    """Those that came first."""
    return list(await tx.exec(_NEXT, params={"most": most}))


async def handled(tx: AsyncSession, outcomes: Mapping[int, str], now: datetime) -> None:
    """By their numbers, with what could not be read of each."""
    for outcome in sorted(set(outcomes.values())):
        numbers = [number for number, said in outcomes.items() if said == outcome]
        done = update(AlertDelivery).where(col(AlertDelivery.id).in_(numbers))
        await changed(tx, done.values(handled_at=now, outcome=outcome))


async def forget(tx: AsyncSession, before: datetime, limit: int = BATCH) -> int:
    """Drop a batch of those that were worked off and came before then; returns how many."""
    old = (
        select(AlertDelivery.id)
        .where(col(AlertDelivery.received_at) < before, col(AlertDelivery.handled_at).is_not(None))
        .order_by(col(AlertDelivery.received_at))
        .limit(limit)
    )
    return await changed(tx, delete(AlertDelivery).where(col(AlertDelivery.id).in_(old)))
