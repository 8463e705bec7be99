"""What people put in an incident's timeline."""

from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import TimelineEntry, TimelinePin


async def of(tx: AsyncSession, subject: str) -> list[TimelineEntry]:
    """What stands in it, in the order in which it happened."""
    query = select(TimelineEntry).where(TimelineEntry.subject == subject, col(TimelineEntry.removed_at).is_(None))
    return list(await tx.exec(query.order_by(col(TimelineEntry.at), col(TimelineEntry.id))))


async def get(tx: AsyncSession, entry: int) -> TimelineEntry | None:
    return (await tx.exec(select(TimelineEntry).where(TimelineEntry.id == entry))).first()


async def at(tx: AsyncSession, channel: str, ts: str) -> TimelineEntry | None:
    """The entry that a message made."""
    query = select(TimelineEntry).where(TimelineEntry.channel == channel, TimelineEntry.ts == ts)
    return (await tx.exec(query)).first()


async def add(tx: AsyncSession, entry: TimelineEntry) -> None:
    """A message that was taken out comes back as it was."""
    row = insert(tx, TimelineEntry).values(**entry.model_dump(exclude={"id"}))
    await tx.exec(row.on_conflict_do_update(index_elements=["channel", "ts"], set_={"removed_at": None}))


async def change(tx: AsyncSession, entry: int, **values: Any) -> bool:
    statement = update(TimelineEntry).where(col(TimelineEntry.id) == entry, col(TimelineEntry.removed_at).is_(None))
    return await changed(tx, statement.values(**values)) == 1


async def pin(tx: AsyncSession, channel: str, ts: str, person: str, now: datetime) -> bool:
    row = insert(tx, TimelinePin).values(channel=channel, ts=ts, person=person, at=now)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def unpin(tx: AsyncSession, channel: str, ts: str, person: str) -> bool:
    """Whether that was the last pin on the message."""
    mine = delete(TimelinePin).where(
        col(TimelinePin.channel) == channel, col(TimelinePin.ts) == ts, col(TimelinePin.person) == person
    )
    if await changed(tx, mine) == 0:
        return False
    left = select(TimelinePin).where(TimelinePin.channel == channel, TimelinePin.ts == ts).limit(1)
    return (await tx.exec(left)).first() is None
