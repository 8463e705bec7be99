"""Turns that are offered to others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.concerning import concern, rows
from storage.sql import changed
from storage.tables import OnCallOffer

OPEN = "open"


async def add(tx: AsyncSession, row: OnCallOffer) -> OnCallOffer:
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: AsyncSession, number: int, *, hold: bool = False) -> OnCallOffer | None:
    """`hold` locks it until the transaction ends."""
    query = select(OnCallOffer).where(OnCallOffer.id == number)
    if hold:
        query = query.with_for_update()
    return (await tx.exec(query.execution_options(populate_existing=True))).first()


async def open_of(tx: AsyncSession, rotas: Sequence[str], now: datetime) -> list[OnCallOffer]:
    """Those that can be taken, the soonest first."""
    query = select(OnCallOffer).where(
        col(OnCallOffer.standing) == OPEN, col(OnCallOffer.rota).in_(rotas), col(OnCallOffer.ends_at) > now
    )
    return list(await tx.exec(query.order_by(col(OnCallOffer.starts_at), col(OnCallOffer.id))))


_ASKED = concern(
    select(OnCallOffer)
    .where(col(OnCallOffer.standing) == OPEN, col(OnCallOffer.asked) == bindparam("person"))
    .order_by(col(OnCallOffer.starts_at), col(OnCallOffer.id))
)


async def asked_of(tx: AsyncSession, person: str) -> list[OnCallOffer]:
    """Exchanges that they have not answered, the soonest first; some of them may be too late."""
    found: list[OnCallOffer] = await rows(tx, _ASKED, person)
    return found


async def end(tx: AsyncSession, number: int, **values: Any) -> bool:
    """Whether this caller is the one that takes it, or takes it back."""
    statement = update(OnCallOffer).where(col(OnCallOffer.id) == number, col(OnCallOffer.standing) == OPEN)
    return await changed(tx, statement.values(**values)) == 1
