"""Who works on an incident, whom it affects, and who may see it though it is private."""

from contextlib import suppress
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices
from bot.rules.incident.action_phrases import IncidentAct
from bot.rules.incident.flow import OPEN, IncidentState, Standing
from bot.rules.incident.refusals import AlreadyTold, AlreadyWith, AlreadyYours, Ended, NotAble, NotPrivate
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.incident import on_call, steps
from bot.usecases.incident.record import Deed, change, record, tell
from bot.usecases.incident.visibility import ref_of, require_desk, shown_to, standings
from bot.usecases.policy import InForce, in_force
from bot.usecases.records.people import require_able, require_one
from storage import record_people
from storage.delivery import outbox
from storage.incident import incidents
from storage.incident.incidents import unless_set
from storage.record_people import Part
from storage.sla import clocks
from storage.tables import Incident
from storage.workspace import people as directory


async def take(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """“I'm on it”: acknowledged, theirs where no person has it, and its promises call nobody else on their way.

    Raises AlreadyDone, AlreadyYours, AlreadyWith, Ended, NotOnTheDesk, NoSuchRecord.
    """
    desk, deed = await in_force(tx), Deed(by, now)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, IncidentAct.TAKE)
    if incident.state == IncidentState.NEW:
        return await steps.acknowledge(tx, ref, by=by, now=now)
    if incident.assignee is None:
        await change(tx, incident, assignee=unless_set("assignee", by))
        if incident.assignee == by:
            data = {"assignee": by, "group": incident.assigned_group}
            await record(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, data)
            return incident
    elif incident.state not in OPEN:
        raise Ended(ref=ref, state=incident.state)
    if not await clocks.untaken(tx, str(ref)):
        if incident.assignee == by:
            raise AlreadyYours(ref=ref)
        raise AlreadyWith(ref=ref, who=await people.name(tx, incident.assignee))
    await record(tx, incident, FactKind.SLA_TAKEN, deed)
    return incident


async def be_on_it(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """The same where another act implies it: somebody of the desk leads what nobody has said to be on. Else nothing."""
    incident = await shown_to(tx, ref, by)
    idle = incident.state == IncidentState.NEW or (incident.state in OPEN and incident.assignee is None)
    if idle and Standing.DESK in await standings(tx, incident, by):
        with suppress(AlreadyWith, AlreadyYours):  # somebody was faster
            await take(tx, ref, by=by, now=now)


async def be_on(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """An open incident that no person has is theirs who works on it by other means, if they are of its desk."""
    incident = await shown_to(tx, ref, by)
    free = incident.state in OPEN and incident.assignee is None
    if free and Standing.DESK in await standings(tx, incident, by):
        await take(tx, ref, by=by, now=now)


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Incident:
    """To a person, or to a group's key; the other is cleared. Raises FormRefused, Ended, NotOnTheDesk, NoSuchRecord."""
    desk, deed = await in_force(tx), Deed(by, now)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, IncidentAct.ASSIGN)
    await _check_assignment(tx, desk, incident, who, group)
    await change(tx, incident, assignee=who, assigned_group=group)
    await record(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, {"assignee": who, "group": group})
    await on_call.tell_group(tx, incident, deed)
    if who == by and incident.state == IncidentState.NEW:
        incident = await steps.acknowledge(tx, ref, by=by, now=now)
    if who and who != by:
        await tell(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, [person(who)])
    return incident


async def vacate(tx: AsyncSession, now: datetime) -> list[tuple[str, Incident]]:
    """Open incidents of people who have left are with nobody, or with their group alone; returns whose each was."""
    found = []
    for incident in await incidents.held_by_the_departed(tx):
        person_left = str(incident.assignee)
        await change(tx, incident, assignee=None)
        data = {"assignee": None, "group": incident.assigned_group, "left": person_left}
        await record(tx, incident, FactKind.INCIDENT_ASSIGNED, Deed(SYSTEM, now), data)
        found.append((person_left, incident))
    for subject in await clocks.with_the_departed(tx):
        await clocks.pass_on(tx, subject, None, now)
        await outbox.redraw(tx, subject, now)
    return found


async def join(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """“Me too”: the person is counted and kept told. Raises AlreadyTold, Ended, NoSuchRecord."""
    await people.member(tx, by)
    incident = await shown_to(tx, ref, by)
    if incident.state not in OPEN:
        raise Ended(ref=ref, state=incident.state)
    if by == incident.reporter or not await affect(tx, incident, by, Deed(by, now)):
        raise AlreadyTold(ref=ref)
    return incident


async def affect(tx: AsyncSession, incident: Incident, who: str, deed: Deed) -> bool:
    """Adds somebody to those affected; False where they are among them already."""
    if not await record_people.add(tx, str(incident.ref), who, Part.AFFECTED, deed.now):
        return False
    await record(tx, incident, FactKind.INCIDENT_JOINED, deed, {"person": who})
    await outbox.put_all(tx, notices.followed(str(ref_of(incident)), [who]), deed.now)
    return True


async def share(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> Incident:
    """Lets somebody see a private incident. Raises NotPrivate, FormRefused, NotOnTheDesk, NoSuchRecord."""
    desk, deed = await in_force(tx), Deed(by, now)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, IncidentAct.SHARE)
    if not incident.private:
        raise NotPrivate(ref=ref)
    await require_able(tx, who)
    if await record_people.add(tx, str(incident.ref), who, Part.READER, now):
        await record(tx, incident, FactKind.INCIDENT_SHARED, deed, {"person": who})
        await tell(tx, incident, FactKind.INCIDENT_SHARED, deed, [person(who)])
    return incident


async def _require_of_a_group(tx: AsyncSession, desk: InForce, incident: Incident, who: str) -> None:
    """Whoever is given one works for a group of the policy's, or was let in on a private one. Raises FormRefused."""
    if await directory.groups_of(tx, who) or who == incident.assignee:
        return
    if incident.private and who in await record_people.of(tx, str(incident.ref), Part.READER):
        return
    groups = ", ".join(one.title for one in desk.policy.groups.values())
    refused = NotAble(who=await people.name(tx, who), groups=groups, ref=incident.ref)
    raise FormRefused({"person": refused.sentence})


async def _check_assignment(
    tx: AsyncSession, desk: InForce, incident: Incident, who: str | None, group: str | None
) -> None:
    await require_one(tx, who, group)
    if who is not None:
        await _require_of_a_group(tx, desk, incident, who)
    if incident.private and group not in (None, desk.policy.incidents.private.group):
        raise FormRefused({"group": "A private incident stays with the group that works on those, or with a person."})
