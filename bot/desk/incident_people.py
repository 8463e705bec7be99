"""Who works on an incident, whom it affects, and who may see it though it is private."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.incident_eyes import ref_of, require_desk, shown_to
from bot.desk.incident_record import Deed, change, record, tell
from bot.desk.policy import InForce, in_force
from bot.rules import incident_notices
from bot.rules.facts import FactKind
from bot.rules.incident_flow import OPEN
from bot.rules.incident_refusals import AlreadyTold, Ended, NotPrivate
from bot.rules.notices import person
from bot.rules.refs import Ref
from bot.rules.refusals import FormRefused, GuestsMayNot
from storage import incident_people, outbox
from storage.incident_people import Part
from storage.tables import Incident


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Incident:
    """To a person, or to a group's key; the other is cleared. Raises FormRefused, Ended, NotOnTheDesk, NoSuchRecord."""
    desk, deed = await in_force(tx), Deed(by, now)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, "assign an incident")
    await _check_assignment(tx, desk, incident, who, group)
    await change(tx, incident, assignee=who, assigned_group=group)
    await record(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, {"assignee": who, "group": group})
    if who and who != by:
        await tell(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, [person(who)])
    return incident


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
    if not await incident_people.add(tx, incident.number, who, Part.AFFECTED, deed.now):
        return False
    await record(tx, incident, FactKind.INCIDENT_JOINED, deed, {"person": who})
    await outbox.put_all(tx, incident_notices.followed(str(ref_of(incident)), [who]), deed.now)
    return True


async def share(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> Incident:
    """Lets somebody see a private incident. Raises NotPrivate, FormRefused, NotOnTheDesk, NoSuchRecord."""
    desk, deed = await in_force(tx), Deed(by, now)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, "let people see a private incident")
    if not incident.private:
        raise NotPrivate(ref=ref)
    await _check_person(tx, who)
    if await incident_people.add(tx, incident.number, who, Part.READER, now):
        await record(tx, incident, FactKind.INCIDENT_SHARED, deed, {"person": who})
        await tell(tx, incident, FactKind.INCIDENT_SHARED, deed, [person(who)])
    return incident


async def _check_assignment(
    tx: AsyncSession, desk: InForce, incident: Incident, who: str | None, group: str | None
) -> None:
    if (who is None) == (group is None):
        raise FormRefused({"person": "Choose a person or a group, one of the two."})
    if who is not None:
        await _check_person(tx, who)
    if group is not None and group not in desk.policy.groups:
        raise FormRefused({"group": "This group is not in the policy any more. Choose one from the list."})
    if incident.private and group not in (None, desk.policy.incidents.private.group):
        raise FormRefused({"group": "A private incident stays with the group that works on those, or with a person."})


async def _check_person(tx: AsyncSession, who: str) -> None:
    try:
        if await people.member(tx, who) is not None:
            return
    except GuestsMayNot:
        pass
    raise FormRefused({"person": "Guests, bots and people who have left cannot take part. Choose somebody else."})
