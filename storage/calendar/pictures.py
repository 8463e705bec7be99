"""Pictures of the change calendar that stand in Slack."""

from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import CalendarPicture

_NEWEST = (
    select(CalendarPicture)
    .where(CalendarPicture.look == bindparam("shown"))
    .order_by(col(CalendarPicture.id).desc())
    .limit(1)
)


async def begin(tx: AsyncSession, picture: CalendarPicture) -> int | None:
    """Its number; None where the same was begun that day."""
    row = insert(tx, CalendarPicture).values(**picture.model_dump(exclude={"id"}))
    statement = row.on_conflict_do_nothing(index_elements=["look", "day"]).returning(col(CalendarPicture.id))
    return (await tx.exec(statement)).scalar()


async def get(tx: AsyncSession, number: int) -> CalendarPicture | None:
    return (await tx.exec(select(CalendarPicture).where(CalendarPicture.id == number))).first()


async def newest(tx: AsyncSession, look: str) -> CalendarPicture | None:
    return (await tx.exec(_NEWEST, params={"shown": look})).first()


async def count(tx: AsyncSession, day: str) -> int:
    """How many were begun that day."""
    return (await tx.exec(select(func.count()).where(CalendarPicture.day == day))).one()


async def draw_again(tx: AsyncSession, picture: CalendarPicture, shows: str) -> bool:
    """Whether this caller is the one that asks for the next drawing."""
    statement = update(CalendarPicture).where(
        col(CalendarPicture.id) == picture.id, col(CalendarPicture.drawings) == picture.drawings
    )
    return await changed(tx, statement.values(drawings=picture.drawings + 1, shows=shows)) == 1


async def arrived(tx: AsyncSession, number: int, drawing: int, **values: Any) -> bool:
    """Keep what Slack calls a drawing; False where a later one was asked for meanwhile and is on its way."""
    statement = update(CalendarPicture).where(
        col(CalendarPicture.id) == number, col(CalendarPicture.drawings) == drawing
    )
    return await changed(tx, statement.values(**values)) == 1
