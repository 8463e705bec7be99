"""Who does what in a major incident."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import major_incidents as majors
from bot.desk import people
from bot.desk.incident_eyes import eyes_of
from bot.desk.policy import in_force
from bot.rules import major_notices, words
from bot.rules.facts import FactKind
from bot.rules.major_refusals import AlreadyHolds, CannotHold, NotShown, RoleTaken, UnknownRole
from bot.rules.policy import Policy
from bot.rules.policy_major import RoleKey
from bot.rules.refs import Ref
from bot.rules.refusals import FormRefused
from storage import incidents, major_incidents, outbox
from storage import people as stored_people


async def take(tx: AsyncSession, ref: Ref, role: str, *, by: str, now: datetime) -> None:
    """Raises RoleTaken, AlreadyHolds, UnknownRole, NotAllowed, MajorOver."""
    policy = await _may(tx, ref, role, by)
    if not await major_incidents.take_role(tx, ref.number, role, by, now):
        await _refuse(tx, policy, ref, role, by)
    await _told(tx, ref, role, by, by, now)


async def assign(tx: AsyncSession, ref: Ref, role: str, to: str, *, by: str, now: datetime) -> None:
    """Gives a role away, whoever had it; a commander that changes is a handover. Raises as `take`, and CannotHold."""
    policy = await _may(tx, ref, role, by)
    await _check_able(tx, ref, to)
    holder = (await major_incidents.roles(tx, ref.number)).get(role)
    if holder == to:
        await _refuse(tx, policy, ref, role, to)
    if holder is not None and role == RoleKey.COMMANDER:
        await hand_over(tx, ref, to, "", by=by, now=now)
        return
    await major_incidents.give_role(tx, ref.number, role, to, now)
    await _told(tx, ref, role, to, by, now)


async def hand_over(tx: AsyncSession, ref: Ref, to: str, note: str, *, by: str, now: datetime) -> None:
    """The commander changes in one step; the new one reads where things stand. Raises as `assign`, and FormRefused."""
    policy = await _may(tx, ref, RoleKey.COMMANDER, by)
    await _check_able(tx, ref, to)
    note = words.clean(note)
    if note and (faults := words.faults({"handover_note": ("The note", note, words.WORDS_MOST)})):
        raise FormRefused(faults)
    holder = await major_incidents.give_role(tx, ref.number, RoleKey.COMMANDER, to, now)
    if holder == to:
        await _refuse(tx, policy, ref, RoleKey.COMMANDER, to)
    data = {"from": holder, "to": to}
    await majors.record(tx, FactKind.MAJOR_HANDED_OVER, ref, by, now, dict(data), {"note": note} if note else {})
    key = now.isoformat()
    await outbox.put(tx, major_notices.invited(str(ref), f"handover:{key}", to), now)
    await outbox.put_all(tx, major_notices.handed_over(str(ref), to, key), now)
    await majors.retopic(tx, ref, now)


async def vacant(tx: AsyncSession, number: int) -> list[str]:
    """Roles that nobody holds, in the policy's order."""
    held = await major_incidents.roles(tx, number)
    return [role for role in (await in_force(tx)).policy.major.roles if role not in held]


async def _may(tx: AsyncSession, ref: Ref, role: str, by: str) -> Policy:
    desk = await in_force(tx)
    await majors.admitted(tx, desk, ref, by, "take a role in a major incident")
    await majors.under_way(tx, ref)
    if role not in desk.policy.major.roles:
        raise UnknownRole(text=role[:40], roles=", ".join(desk.policy.major.roles), ref=ref)
    return desk.policy


async def _check_able(tx: AsyncSession, ref: Ref, person: str) -> None:
    found = await stored_people.get(tx, person)
    if found is None or found.is_guest or found.is_bot or found.deleted:
        raise CannotHold(who=await people.name(tx, person))
    if await incidents.seen_by(tx, ref.number, await eyes_of(tx, person)) is None:
        raise NotShown(ref=ref, who=found.name)


async def _refuse(tx: AsyncSession, policy: Policy, ref: Ref, role: str, to: str) -> None:
    holder = (await major_incidents.roles(tx, ref.number))[role]
    said = {"who": await people.name(tx, holder), "role": policy.major.roles[role].title, "ref": ref, "key": role}
    raise AlreadyHolds(**said) if holder == to else RoleTaken(**said)


async def _told(tx: AsyncSession, ref: Ref, role: str, holder: str, by: str, now: datetime) -> None:
    await majors.record(tx, FactKind.MAJOR_ROLE_TAKEN, ref, by, now, {"role": role, "holder": holder})
    await outbox.put(tx, major_notices.invited(str(ref), f"{role}:{holder}:{now.isoformat()}", holder), now)
    await majors.retopic(tx, ref, now)
