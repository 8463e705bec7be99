"""The directory: people of the workspace and the groups they are in, as last read from Slack."""

from collections.abc import Iterable

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed, insert
from storage.tables import Membership, Person


async def get(tx: AsyncSession, person: str) -> Person | None:
    return (await tx.exec(select(Person).where(Person.id == person))).first()


async def upsert(tx: AsyncSession, person: Person) -> None:
    values = person.model_dump()
    row = insert(tx, Person).values(**values)
    await tx.exec(row.on_conflict_do_update(index_elements=["id"], set_=values))


async def members(tx: AsyncSession, group: str) -> list[str]:
    """Ids of a group's members, in order of id."""
    query = select(Membership.person).where(Membership.group_key == group).order_by(col(Membership.person))
    return list(await tx.exec(query))


async def groups_of(tx: AsyncSession, person: str) -> list[str]:
    query = select(Membership.group_key).where(Membership.person == person).order_by(col(Membership.group_key))
    return list(await tx.exec(query))


async def set_members(tx: AsyncSession, group: str, ids: Iterable[str]) -> bool:
    """Make these a group's members; whether that changed anything."""
    wanted, present = set(ids), set(await members(tx, group))
    if gone := sorted(present - wanted):
        await changed(
            tx, delete(Membership).where(col(Membership.group_key) == group, col(Membership.person).in_(gone))
        )
    if come := sorted(wanted - present):
        rows = [{"group_key": group, "person": one} for one in come]
        await tx.exec(insert(tx, Membership).values(rows).on_conflict_do_nothing())
    return wanted != present


async def admins(tx: AsyncSession) -> list[str]:
    """Ids of the workspace's owners and admins who are still there."""
    query = select(Person.id).where(col(Person.is_admin), ~col(Person.deleted), ~col(Person.is_bot))
    return list(await tx.exec(query.order_by(col(Person.id))))
