"""Requests that were served: Slack's retries, double clicks and replays have an effect once."""

from datetime import datetime

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insertion
from storage.tables import Inbox

BATCH = 1000
"""Keys forgotten in one transaction."""

_KEEP = insertion(Inbox, lambda row: row.on_conflict_do_nothing())


async def first_time(tx: AsyncSession, key: str, now: datetime) -> bool:
    """Whether this request has not been served; True once for each key, whoever asks and when."""
    return await changed(tx, _KEEP(tx), {"request_key": key, "at": now}) == 1


async def is_served(tx: AsyncSession, key: str) -> bool:
    return (await tx.exec(select(Inbox.request_key).where(Inbox.request_key == key))).first() is not None


async def forget(tx: AsyncSession, before: datetime, limit: int = BATCH) -> int:
    """Drop a batch of keys that were served before then, oldest first; returns how many."""
    old = select(col(Inbox.request_key)).where(col(Inbox.at) < before).order_by(col(Inbox.at)).limit(limit)
    return await changed(tx, delete(Inbox).where(col(Inbox.request_key).in_(old)))
