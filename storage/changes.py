"""Questions about changes."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import OPEN
from storage import statements
from storage.tables import Change


async def add(tx: AsyncSession, change: Change) -> None:
    tx.add(change)
    await tx.flush()


async def get(tx: AsyncSession, number: int) -> Change | None:
    return (await tx.exec(select(Change).where(Change.number == number))).first()


async def open_ones(tx: AsyncSession, limit: int) -> list[Change]:
    """Changes that are still to happen, the soonest window first."""
    query = select(Change).where(col(Change.state).in_(list(OPEN))).order_by(col(Change.starts_at), col(Change.number))
    return list(await tx.exec(query.limit(limit)))


async def count_open(tx: AsyncSession) -> int:
    return await statements.count(tx, Change, OPEN)


async def requested_by(tx: AsyncSession, person: str, limit: int) -> list[Change]:
    """A person's changes, newest first."""
    query = select(Change).where(Change.requester == person).order_by(col(Change.number).desc())
    return list(await tx.exec(query.limit(limit)))


async def step(tx: AsyncSession, number: int, *, frm: Collection[str], revision: int | None, **values: Any) -> bool:
    """Move on from one of the states `frm`; False when it had moved already.

    The revision stays: it tells what was asked for, which votes are about, and not how far the change has come.
    """
    return await statements.step(tx, Change, number, frm, revision, values)
