"""User groups of Slack that follow rotas."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insertion
from storage.tables import OnCallUserGroup

_BEGIN = insertion(OnCallUserGroup, lambda row: row.on_conflict_do_nothing(index_elements=["id"]))
_S = OnCallUserGroup


async def get(tx: AsyncSession, group: str) -> OnCallUserGroup:
    """One that was never set has nobody."""
    found = await tx.exec(select(_S).where(_S.id == group).execution_options(populate_existing=True))
    return found.first() or _S(id=group)


async def every(tx: AsyncSession) -> dict[str, OnCallUserGroup]:
    return {one.id: one for one in await tx.exec(select(_S))}


async def is_asked(tx: AsyncSession, group: str) -> None:
    """From now on it may have others than those who are known; nobody can be sure until it is set."""
    await changed(tx, _BEGIN(tx), _S(id=group).model_dump())
    await changed(tx, update(_S).where(col(_S.id) == group).values(set_at=None))


async def is_set(tx: AsyncSession, group: str, handle: str, people: str, at: datetime) -> None:
    await changed(tx, _BEGIN(tx), _S(id=group).model_dump())
    values = {"handle": handle, "people": people, "set_at": at, "error": ""}
    await changed(tx, update(_S).where(col(_S.id) == group).values(**values))


async def failed(tx: AsyncSession, group: str, error: str) -> bool:
    """Whether this is news."""
    await changed(tx, _BEGIN(tx), _S(id=group).model_dump())
    statement = update(_S).where(col(_S.id) == group, col(_S.error) != error)
    return await changed(tx, statement.values(error=error)) == 1


async def forget_but(tx: AsyncSession, groups: Collection[str]) -> None:
    """All others: what the policy names again is set again."""
    await changed(tx, delete(_S).where(col(_S.id).not_in(list(groups))))
