"""Requests that were served: Slack's retries, double clicks and replays do a thing once."""

from datetime import datetime

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed, insertion
from storage.tables import Inbox

_KEEP = insertion(Inbox, lambda row: row.on_conflict_do_nothing())


async def first_time(tx: AsyncSession, key: str, now: datetime) -> bool:
    """Whether this request has not been served; True once for each key, whoever asks and when."""
    return await changed(tx, _KEEP(tx), {"request_key": key, "at": now}) == 1


async def forget(tx: AsyncSession, before: datetime) -> int:
    """Drop keys older than Slack could repeat (a signature is good for five minutes); returns how many."""
    return await changed(tx, delete(Inbox).where(col(Inbox.at) < before))
