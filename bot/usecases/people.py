"""Who a person is and what they may do, read inside the transaction that asks."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import account_key, is_person
from bot.rules.record.refusals import GuestsMayNot, NotAllowed
from bot.rules.time.local_time import ImpossibleHours, zone_of
from bot.usecases.policy import InForce, in_force
from storage.db.snapshot import once
from storage.tables import Person
from storage.workspace import people


async def member(tx: AsyncSession, person: str) -> Person | None:
    """The person, if Deskbell may serve them. Raises GuestsMayNot for guests, the deactivated and bots.

    Someone who joined since the directory was last read is not known yet and is served as a member of no group.
    """
    found = await people.get(tx, person)
    require_served(found)
    return found


def require_served(found: Person | None) -> None:
    """As `member`, of somebody who was read already. Raises GuestsMayNot."""
    if found is not None and _barred(found):
        raise GuestsMayNot()


async def served(tx: AsyncSession, asked: Collection[str]) -> set[str]:
    """Those of them whom Deskbell may serve now, as `member` has it; nobody who is no person."""
    wanted = frozenset(asked)

    async def read() -> frozenset[str]:
        barred = {one.id for one in await people.several(tx, wanted) if _barred(one)}
        return frozenset(one for one in wanted - barred if is_person(one))

    return set(await once(tx, ("served", wanted), read))


async def reached(tx: AsyncSession, asked: Iterable[str | None], *, but: str | None = None) -> list[str]:
    """Those of them who can be told something, in their order, each once. `but`: who did it, and knows."""
    named = [one for one in dict.fromkeys(asked) if one is not None and one != but]
    able = await served(tx, named)
    return [one for one in named if one in able]


async def called(tx: AsyncSession) -> dict[str, str]:
    """Ids of those who are here by address, by id and by a name that one person alone has, all in small letters."""
    there = [one for one in await people.everybody(tx) if not (one.deleted or one.is_guest)]
    times = Counter(one.name.casefold() for one in there)
    found = {one.name.casefold(): one.id for one in there if times[one.name.casefold()] == 1}
    found |= {one.email.casefold(): one.id for one in there if one.email}
    return found | {one.id.casefold(): one.id for one in there}


async def handles(tx: AsyncSession, asked: Collection[str]) -> dict[str, str]:
    """By id, what each of them is called behind an @."""
    return {one.id: one.user_name or "-".join(one.name.split()) for one in await people.several(tx, asked)}


async def in_a_group(tx: AsyncSession, person: str) -> bool:
    """Whether somebody is in one of the policy's groups."""
    return not set(await people.groups_of(tx, person)).isdisjoint((await in_force(tx)).policy.groups)


async def has_left(tx: AsyncSession, person: str) -> bool:
    """Whether they were deactivated: nothing can be said to them any more."""
    found = await people.get(tx, person)
    return found is not None and found.deleted


def _barred(person: Person) -> bool:
    return person.is_guest or person.deleted or person.is_bot


async def zone(tx: AsyncSession, person: str) -> ZoneInfo:
    """By whose clocks somebody reads and types. Slack may name a zone that this machine does not know yet."""
    found = await people.get(tx, person)
    try:
        return zone_of(found.tz if found else "UTC")
    except ImpossibleHours:
        return ZoneInfo("UTC")


async def today(tx: AsyncSession, person: str, now: datetime) -> date:
    """The day it is where somebody is: what they type is held against it."""
    return (await here(tx, person, now)).date()


async def here(tx: AsyncSession, person: str, now: datetime) -> datetime:
    """Now, by the clocks where somebody is."""
    return now.astimezone(await zone(tx, person))


async def require(tx: AsyncSession, desk: InForce, person: str, group: str, act: str) -> None:
    """Raises NotAllowed unless the person is in the group now; `act` completes “can …”."""
    await member(tx, person)
    if not await people.is_in(tx, person, group):
        raise NotAllowed(group=desk.policy.groups[group].title, act=act)


async def name(tx: AsyncSession, person: str | None) -> str:
    """How to name a person in a sentence."""
    if person and (key := account_key(person)):
        return key
    found = await people.get(tx, person) if person else None
    return found.name if found is not None else "someone"
