"""Who does what in a major incident."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import DESK
from bot.rules.major_incident import notices
from bot.rules.major_incident.flow import MajorTimer
from bot.rules.major_incident.policy import RoleKey
from bot.rules.major_incident.refusals import AlreadyHolds, CannotHold, NotShown, RoleTaken, UnknownRole
from bot.rules.policy.policy import Policy
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.incident import people as incident_people
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from storage import timers
from storage.delivery import outbox
from storage.incident import incidents
from storage.major_incident import major_incidents
from storage.tables import Incident
from storage.workspace import people as stored_people

INVITED_MOST = 100
"""At once; who is of the desk and not among them finds the channel in the announcement."""


async def take(tx: AsyncSession, ref: Ref, role: str, *, by: str, now: datetime) -> None:
    """Raises RoleTaken, AlreadyHolds, UnknownRole, NotAllowed, MajorOver."""
    policy = await _may(tx, ref, role, by, now)
    if not await major_incidents.take_role(tx, ref.number, role, by, now):
        await _refuse(tx, policy, ref, role, by)
    await _told(tx, ref, role, by, by, now)


async def assign(tx: AsyncSession, ref: Ref, role: str, to: str, *, by: str, now: datetime) -> None:
    """Gives a role away, whoever had it; a commander that changes is a handover. Raises as `take`, and CannotHold."""
    policy = await _may(tx, ref, role, by, now)
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
    policy = await _may(tx, ref, RoleKey.COMMANDER, by, now)
    await _check_able(tx, ref, to)
    note = text.clean(note)
    if note and (faults := text.faults({"handover_note": ("The note", note, text.WORDS_MOST)})):
        raise FormRefused(faults)
    holder = await major_incidents.give_role(tx, ref.number, RoleKey.COMMANDER, to, now)
    if holder == to:
        await _refuse(tx, policy, ref, RoleKey.COMMANDER, to)
    if holder is None:
        await outbox.redraw(tx, str(ref), now, [NoticeKind.MAJOR_ROLES_WANTED])
    data = {"from": holder, "to": to}
    await majors.record(tx, FactKind.MAJOR_HANDED_OVER, ref, by, now, dict(data), {"note": note} if note else {})
    key = now.isoformat()
    await outbox.put(tx, notices.invited(str(ref), f"handover:{key}", to), now)
    await outbox.put_all(tx, notices.handed_over(str(ref), to, key), now)
    await majors.retopic(tx, ref, now)


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """Roles of people who have left are nobody's, on record, and the channel is asked for them at once."""
    every = [one.model_copy() for one in await major_incidents.roles_of_the_departed(tx)]
    for one in every:
        await incidents.hold(tx, one.number)
        if not await major_incidents.vacate_role(tx, one.number, one.role, one.holder):
            continue
        ref = majors.ref_of(one.number)
        data = {"role": one.role, "holder": one.holder}
        await majors.record(tx, FactKind.MAJOR_ROLE_VACATED, ref, SYSTEM, now, dict(data))
        updates = (await majors.find(tx, ref)).updates
        rung = await major_incidents.rung(tx, str(ref), MajorTimer.ROLES, f"{updates}:")
        await timers.schedule(tx, str(ref), MajorTimer.ROLES, f"{updates}:{rung + 1}", now)
        await majors.retopic(tx, ref, now)


async def invited(tx: AsyncSession, ref: Ref) -> tuple[str, ...]:
    """Who leads, who reported it, who works on it, and the group whose service it is."""
    major, incident, policy = await majors.find(tx, ref), await find(tx, Incident, ref), (await in_force(tx)).policy
    service = policy.services.get(incident.service)
    group = policy.incidents.private.group if incident.private else service.owner if service else DESK
    leading = (await major_incidents.roles(tx, ref.number)).values()
    named = [*leading, major.declared_by, incident.reporter, incident.assignee]
    everyone = [*filter(None, named), *await stored_people.members(tx, group)]
    return tuple(dict.fromkeys(everyone))[:INVITED_MOST]


async def vacant(tx: AsyncSession, number: int) -> list[str]:
    """Roles that nobody holds, in the policy's order."""
    held = await major_incidents.roles(tx, number)
    return [role for role in (await in_force(tx)).policy.major.roles if role not in held]


async def _may(tx: AsyncSession, ref: Ref, role: str, by: str, now: datetime) -> Policy:
    """Whoever takes or gives command works on the incident."""
    desk = await in_force(tx)
    await majors.admitted(tx, desk, ref, by, "take a role in a major incident")
    await majors.under_way(tx, ref)
    if role not in desk.policy.major.roles:
        raise UnknownRole(text=role, roles=", ".join(desk.policy.major.roles), ref=ref)
    if role == RoleKey.COMMANDER:  # before the role is written: the incident is locked before its major incident
        await incident_people.be_on_it(tx, ref, by=by, now=now)
    return desk.policy


async def _check_able(tx: AsyncSession, ref: Ref, person: str) -> None:
    found = await stored_people.get(tx, person)
    if found is None or found.is_guest or found.is_bot or found.deleted:
        raise CannotHold(who=await people.name(tx, person))
    if await incidents.seen_by(tx, ref.number, await viewer_of(tx, person)) is None:
        raise NotShown(ref=ref, who=found.name)


async def _refuse(tx: AsyncSession, policy: Policy, ref: Ref, role: str, to: str) -> None:
    holder = (await major_incidents.roles(tx, ref.number))[role]
    said = {"who": await people.name(tx, holder), "role": policy.major.roles[role].title, "ref": ref, "key": role}
    raise AlreadyHolds(**said) if holder == to else RoleTaken(**said)


async def _told(tx: AsyncSession, ref: Ref, role: str, holder: str, by: str, now: datetime) -> None:
    await majors.record(tx, FactKind.MAJOR_ROLE_TAKEN, ref, by, now, {"role": role, "holder": holder})
    await outbox.redraw(tx, str(ref), now, [NoticeKind.MAJOR_ROLES_WANTED])
    await outbox.put(tx, notices.invited(str(ref), f"{role}:{holder}:{now.isoformat()}", holder), now)
    await majors.retopic(tx, ref, now)
