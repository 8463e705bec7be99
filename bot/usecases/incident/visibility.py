"""Who sees an incident, and what they are to it, read inside the transaction that asks."""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import DESK, Standing
from bot.rules.incident.refusals import NotOnTheDesk
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM
from bot.rules.record.notices import channel, person
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.on_call import rotas
from bot.usecases.policy import InForce, in_force
from bot.usecases.records.visibility import find
from storage import record_people
from storage.incident import incidents
from storage.incident.incidents import Viewer
from storage.record_people import Part
from storage.tables import Incident
from storage.workspace import channels
from storage.workspace import people as directory


def ref_of(incident: Incident) -> Ref:
    return incident.ref


async def viewer_of(tx: AsyncSession, by: str) -> Viewer:
    return viewer_with((await in_force(tx)).policy, by, await directory.groups_of(tx, by))


def viewer_with(policy: Policy, by: str, groups: Collection[str]) -> Viewer:
    """Of somebody whose groups are known already."""
    return Viewer(by, policy.incidents.private.group in groups)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Incident:
    """Raises NoSuchRecord, also for a private one that is not for this person's eyes."""
    found = await find(tx, Incident, ref)
    if by == SYSTEM or not found.private:
        return found
    if await incidents.seen_by(tx, ref.number, await viewer_of(tx, by)) is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return found


async def seeing(tx: AsyncSession, incident: Incident, people: Collection[str]) -> list[str]:
    """Those of them who may see it, in their order."""
    if not incident.private:
        return list(people)
    return [one for one in people if await incidents.seen_by(tx, incident.number, await viewer_of(tx, one))]


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
    policy = (await in_force(tx)).policy
    if working_group(incident, policy) in groups or await _takes_turns(tx, policy, incident, by):
        return True
    added = incident.private and DESK in groups
    return added and by in await record_people.of(tx, str(incident.ref), Part.READER)


async def _takes_turns(tx: AsyncSession, policy: Policy, incident: Incident, by: str) -> bool:
    """Whether they may be on call for it."""
    if incident.private:
        return False
    for key in policy.rotas_called(incident.service):
        if by in await rotas.able(tx, policy, key):
            return True
    return False


async def require_desk(tx: AsyncSession, desk: InForce, incident: Incident, by: str, act: str) -> None:
    """Raises NotOnTheDesk unless the person works on it; `act` completes “can …” and may name it as {ref}."""
    if Standing.DESK not in await standings(tx, incident, by):
        group = desk.policy.group(working_group(incident, desk.policy))
        raise NotOnTheDesk(group=group.title, act=act.format(ref=ref_of(incident)))


async def card_lanes(tx: AsyncSession, policy: Policy, incident: Incident) -> list[str]:
    """Where its card is shown. A private one whose channel is not there yet goes to its group's members, each alone."""
    room = policy.room_of(incident.service, private=incident.private)
    if incident.private and await channels.channel_of(tx, room) is None:
        return [person(one) for one in await directory.members(tx, policy.incidents.private.group)]
    return [channel(room)]


async def customers(tx: AsyncSession, incident: Incident) -> list[str]:
    """The reporter, and who reported it for them; nobody who has left."""
    return await _there(tx, [one for one in (incident.reporter, incident.logged_by) if one])


async def concerned(tx: AsyncSession, incident: Incident) -> list[str]:
    """Those who are told how it goes: its customers, then those affected; nobody who has left."""
    affected = await record_people.of(tx, str(incident.ref), Part.AFFECTED)
    return list(dict.fromkeys([*await customers(tx, incident), *await _there(tx, affected)]))


async def _there(tx: AsyncSession, asked: list[str]) -> list[str]:
    # Who reported by e-mail is on record as Deskbell itself: it has not left, and answers by e-mail.
    served = {*await people.served(tx, asked), SYSTEM}
    return [one for one in asked if one in served]
