"""Hand-overs of rotas, and the gaps ahead that were told."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import OnCallGap, OnCallHandOver


async def add(tx: AsyncSession, row: OnCallHandOver) -> OnCallHandOver:
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: AsyncSession, number: int) -> OnCallHandOver | None:
    query = select(OnCallHandOver).where(OnCallHandOver.id == number)
    return (await tx.exec(query.execution_options(populate_existing=True))).first()


async def newest(tx: AsyncSession, rota: str) -> OnCallHandOver | None:
    query = select(OnCallHandOver).where(OnCallHandOver.rota == rota).order_by(col(OnCallHandOver.id).desc())
    return (await tx.exec(query.limit(1))).first()


async def note(tx: AsyncSession, number: int, words: str, by: str) -> None:
    statement = update(OnCallHandOver).where(col(OnCallHandOver.id) == number)
    await changed(tx, statement.values(note=words, noted_by=by))


async def acknowledge(tx: AsyncSession, number: int, by: str, at: datetime) -> bool:
    """Whether this caller is the one that acknowledges it."""
    statement = update(OnCallHandOver).where(
        col(OnCallHandOver.id) == number, col(OnCallHandOver.acknowledged_at).is_(None)
    )
    return await changed(tx, statement.values(acknowledged_at=at, acknowledged_by=by)) == 1


async def tell_gap(tx: AsyncSession, rota: str, starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether nobody was told of it yet."""
    row = insert(tx, OnCallGap).values(rota=rota, starts_at=starts_at, ends_at=ends_at, told_at=at)
    statement = row.on_conflict_do_nothing(index_elements=["rota", "starts_at"]).returning(col(OnCallGap.rota))
    return (await tx.exec(statement)).scalar() is not None


async def gaps_told(tx: AsyncSession, rota: str, at: datetime) -> list[OnCallGap]:
    """Those that were told at this instant."""
    query = select(OnCallGap).where(OnCallGap.rota == rota, OnCallGap.told_at == at)
    return list(await tx.exec(query.order_by(col(OnCallGap.starts_at))))


async def forget_gaps(tx: AsyncSession, rota: str, still: Iterable[datetime]) -> None:
    """Those that are none any more: they are told again if they come back."""
    gone = delete(OnCallGap).where(col(OnCallGap.rota) == rota, col(OnCallGap.starts_at).not_in(list(still)))
    await changed(tx, gone)
