"""Addresses that calendar programs read from, a person each."""

from datetime import datetime

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import CalendarFeed


async def of(tx: AsyncSession, person: str) -> CalendarFeed | None:
    return (await tx.exec(select(CalendarFeed).where(CalendarFeed.person == person))).first()


async def keep(tx: AsyncSession, person: str, token_hash: str, at: datetime) -> None:
    """The person's one address; a former one leads nowhere from here on."""
    values = {"token_hash": token_hash, "made_at": at}
    row = insert(tx, CalendarFeed).values(person=person, **values)
    await tx.exec(row.on_conflict_do_update(index_elements=["person"], set_=values))


async def with_hash(tx: AsyncSession, token_hash: str) -> CalendarFeed | None:
    return (await tx.exec(select(CalendarFeed).where(CalendarFeed.token_hash == token_hash))).first()


async def forget(tx: AsyncSession, person: str) -> bool:
    """Whether there was one."""
    return await changed(tx, delete(CalendarFeed).where(col(CalendarFeed.person) == person)) == 1
