"""What is laid over rotas in Slack."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed
from storage.tables import OnCallOverride


async def add(tx: AsyncSession, row: OnCallOverride) -> OnCallOverride:
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: AsyncSession, number: int) -> OnCallOverride | None:
    return (await tx.exec(select(OnCallOverride).where(OnCallOverride.id == number))).first()


async def touching(tx: AsyncSession, rotas: Sequence[str], begin: datetime, end: datetime) -> list[OnCallOverride]:
    """Those of these rotas, and absences, that hold in the span, in the order in which they are laid."""
    query = select(OnCallOverride).where(
        col(OnCallOverride.rota).in_([*rotas, ""]),
        col(OnCallOverride.ends_at) > begin,
        col(OnCallOverride.starts_at) < end,
        col(OnCallOverride.withdrawn_at).is_(None),
    )
    return list(await tx.exec(query.order_by(col(OnCallOverride.id))))


async def ever(tx: AsyncSession, rota: str, begin: datetime, end: datetime) -> list[OnCallOverride]:
    """Those that hold or held in the span, absences and what was taken back among them."""
    query = select(OnCallOverride).where(
        col(OnCallOverride.rota).in_([rota, ""]),
        col(OnCallOverride.ends_at) > begin,
        col(OnCallOverride.starts_at) < end,
    )
    return list(await tx.exec(query.order_by(col(OnCallOverride.id))))


async def withdraw(tx: AsyncSession, number: int, by: str, now: datetime) -> bool:
    """Whether this caller is the one that takes it back."""
    statement = update(OnCallOverride).where(
        col(OnCallOverride.id) == number, col(OnCallOverride.withdrawn_at).is_(None)
    )
    return await changed(tx, statement.values(withdrawn_at=now, withdrawn_by=by)) == 1
