"""The directory: people of the workspace and the groups they are in, as last read from Slack."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import account_key
from storage.db.snapshot import known_steady, steady, stirred, unasked
from storage.sql import changed, insertion, run
from storage.tables import Membership, Person, ServiceAccount


def _latest(row: Any) -> Any:
    told = {one.name: one for one in row.excluded if one.name != "id"}
    return row.on_conflict_do_update(index_elements=["id"], set_=told)


_PERSON = select(Person).where(Person.id == bindparam("person"))
_GROUPS = (
    select(Membership.group_key).where(Membership.person == bindparam("person")).order_by(col(Membership.group_key))
)
_GROUP_OF_ACCOUNT = select(ServiceAccount.group_key).where(
    ServiceAccount.key == bindparam("key"), col(ServiceAccount.closed_at).is_(None)
)
_MEMBERS = select(Membership.person).where(Membership.group_key == bindparam("group")).order_by(col(Membership.person))
_UPSERT = insertion(Person, _latest)
_JOIN = insertion(Membership, lambda row: row.on_conflict_do_nothing())


async def get(tx: AsyncSession, person: str) -> Person | None:
    async def read() -> Person | None:
        return (await tx.exec(_PERSON, params={"person": person})).first()

    return await steady(tx, (Person, person), read)


async def several(tx: AsyncSession, people: Collection[str]) -> list[Person]:
    """Those of them whom the directory knows."""
    questions = {(Person, one): one for one in people}
    if missing := [questions[one] for one in unasked(tx, questions)]:  # type: ignore[index]
        found = {one.id: one for one in await tx.exec(select(Person).where(col(Person.id).in_(missing)))}
        known_steady(tx, {(Person, one): found.get(one) for one in missing})
    every = [await get(tx, one) for one in questions.values()]
    return [one for one in every if one is not None]


async def everybody(tx: AsyncSession) -> list[Person]:
    """The whole directory but for bots."""
    return list(await tx.exec(select(Person).where(~col(Person.is_bot))))


async def ids_of(tx: AsyncSession, user_names: Collection[str]) -> dict[str, str]:
    """Ids by user name, of those whom the directory knows."""
    if not user_names:
        return {}
    by_name = {one.lower(): one for one in user_names}
    query = select(Person).where(col(Person.user_name).in_(by_name))
    found = await tx.exec(query.order_by(col(Person.id)))
    return {by_name[one.user_name]: one.id for one in found if one.user_name}


async def upsert(tx: AsyncSession, *persons: Person) -> None:
    if persons:
        await run(tx, _UPSERT(tx), [one.model_dump() for one in persons])
        stirred(tx)


async def members(tx: AsyncSession, group: str) -> list[str]:
    """Ids of a group's members, in order of id."""

    async def read() -> list[str]:
        return list(await tx.exec(_MEMBERS, params={"group": group}))

    return list(await steady(tx, ("members", group), read))


async def members_of(tx: AsyncSession, groups: Collection[str]) -> dict[str, list[str]]:
    """The same of several groups, by group."""
    questions = {("members", one): one for one in groups}
    if missing := [questions[one] for one in unasked(tx, questions)]:  # type: ignore[index]
        query = select(Membership.group_key, Membership.person).where(col(Membership.group_key).in_(missing))
        found: dict[str, list[str]] = {one: [] for one in missing}
        for group, person in await tx.exec(query):
            found[group].append(person)
        known_steady(tx, {("members", one): sorted(ids) for one, ids in found.items()})
    return {one: await members(tx, one) for one in groups}


async def groups_of(tx: AsyncSession, person: str) -> list[str]:
    """A service account is in one group, and among no group's members: nothing is asked of it or told to it."""

    async def read() -> list[str]:
        key = account_key(person)
        query, given = (_GROUPS, {"person": person}) if key is None else (_GROUP_OF_ACCOUNT, {"key": key})
        return list(await tx.exec(query, params=given))

    return list(await steady(tx, ("groups", person), read))


async def is_in(tx: AsyncSession, person: str, group: str) -> bool:
    return group in await groups_of(tx, person)


async def set_members(tx: AsyncSession, group: str, ids: Iterable[str]) -> bool:
    """Make these a group's members; whether that changed anything."""
    wanted, present = set(ids), set(await members(tx, group))
    if gone := sorted(present - wanted):
        await changed(
            tx, delete(Membership).where(col(Membership.group_key) == group, col(Membership.person).in_(gone))
        )
    if come := sorted(wanted - present):
        await run(tx, _JOIN(tx), [{"group_key": group, "person": one} for one in come])
    if gone or come:
        stirred(tx)
    return wanted != present


async def admins(tx: AsyncSession) -> list[str]:
    """Ids of the workspace's owners and admins who are still there."""
    query = select(Person.id).where(col(Person.is_admin), ~col(Person.deleted), ~col(Person.is_bot))
    return list(await tx.exec(query.order_by(col(Person.id))))
