"""Who sees an incident, and what they are to it, read inside the transaction that asks."""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.policy import InForce, in_force
from bot.rules.facts import SYSTEM
from bot.rules.incident_flow import DESK, Standing
from bot.rules.incident_refusals import NotOnTheDesk
from bot.rules.notices import channel, person
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref
from bot.rules.refusals import NoSuchRecord, Refusal
from storage import incident_people, incidents, places
from storage import people as directory
from storage.incident_people import Part
from storage.incidents import Eyes
from storage.tables import Incident


def ref_of(incident: Incident) -> Ref:
    return Ref(Noun.INCIDENT, incident.number)


async def eyes_of(tx: AsyncSession, by: str) -> Eyes:
    return eyes_with((await in_force(tx)).policy, by, await directory.groups_of(tx, by))


def eyes_with(policy: Policy, by: str, groups: Collection[str]) -> Eyes:
    """Of somebody whose groups are known already."""
    return Eyes(by, policy.incidents.private.group in groups)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Incident:
    """Raises NoSuchRecord, also for a private one that is not for this person's eyes."""
    if by == SYSTEM:
        found = await incidents.get(tx, ref.number)
    else:
        found = await incidents.seen_by(tx, ref.number, await eyes_of(tx, by))
    if found is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return found


async def named_in_form(tx: AsyncSession, typed: str, by: str, field: str, faults: dict[str, str]) -> str:
    """The reference that a form's field has, of an incident that this person may see; empty where it has none.

    What is wrong with it is added to `faults`.
    """
    if not typed.strip():
        return ""
    try:
        ref = Ref.parse(typed, Noun.INCIDENT)
        await shown_to(tx, ref, by)
    except Refusal as refused:
        faults[field] = refused.sentence
        return ""
    return str(ref)


def working_group(incident: Incident, policy: Policy) -> str:
    """The key of the group whose members work on it."""
    return policy.incidents.private.group if incident.private else DESK


async def standings(tx: AsyncSession, incident: Incident, by: str) -> list[Standing]:
    """Everything that somebody is to an incident. Raises GuestsMayNot."""
    if by == SYSTEM:
        return [Standing.SILENCE]
    await people.member(tx, by)
    found = [Standing.DESK] if await _works_on_it(tx, incident, by) else []
    return [*found, Standing.REPORTER] if by == incident.reporter else found


async def _works_on_it(tx: AsyncSession, incident: Incident, by: str) -> bool:
    groups = set(await directory.groups_of(tx, by))
    if by == incident.assignee or incident.assigned_group in groups:
        return True
    if working_group(incident, (await in_force(tx)).policy) in groups:
        return True
    added = incident.private and DESK in groups
    return added and by in await incident_people.of(tx, incident.number, Part.READER)


async def require_desk(tx: AsyncSession, desk: InForce, incident: Incident, by: str, act: str) -> None:
    """Raises NotOnTheDesk unless the person works on it; `act` completes “can …”."""
    if Standing.DESK not in await standings(tx, incident, by):
        group = desk.policy.group(working_group(incident, desk.policy))
        raise NotOnTheDesk(group=group.title, act=act)


async def card_lanes(tx: AsyncSession, policy: Policy, incident: Incident) -> list[str]:
    """Where its card is shown. A private one whose channel is not there yet goes to its group's members, each alone."""
    room = policy.room_of(incident.service, private=incident.private)
    if incident.private and await places.channel_of(tx, room) is None:
        return [person(one) for one in await directory.members(tx, policy.incidents.private.group)]
    return [channel(room)]


async def concerned(tx: AsyncSession, incident: Incident) -> list[str]:
    """Those who are told how it goes: the reporter, then those affected."""
    affected = await incident_people.of(tx, incident.number, Part.AFFECTED)
    return list(dict.fromkeys([incident.reporter, *affected]))
