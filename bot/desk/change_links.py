"""After a change, an incident there is asked about it; where it is the cause, the change is offered its way back."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.change_access import find
from bot.desk.incident_eyes import ref_of, shown_to, standings
from bot.desk.incident_record import Deed, record
from bot.desk.policy import in_force
from bot.rules import change_notices
from bot.rules.change_links import ASKED_MOST, Suspicion, Verdict, suspect
from bot.rules.change_refusals import NotYoursToJudge
from bot.rules.facts import Fact, FactKind
from bot.rules.incident_flow import OPEN
from bot.rules.policy import ChannelKey
from bot.rules.refusals import AlreadyDone, NoSuchRecord
from storage import change_links as stored
from storage import incident_people, journal, outbox
from storage.tables import Change, Incident


async def ask(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """Which changes of late may be what it comes from, by its service as it is now."""
    policy = (await in_force(tx)).policy
    found = [
        one.number
        for one in await stored.worked_on(tx, now - policy.changes.suspect_within)
        if suspect(one.services, incident.service, policy.needs)
    ]
    await stored.ask(tx, incident.number, found[:ASKED_MOST], now)


async def asked(tx: AsyncSession, incident: Incident) -> list[Change]:
    """The changes that its card asks about."""
    if incident.state not in OPEN:
        return []
    linked = await incident_people.links(tx, incident.number)
    return [one for one in await stored.asked(tx, incident.number) if f"CHG-{one.number}" not in linked]


async def judge(tx: AsyncSession, about: Suspicion, verdict: Verdict, *, by: str, now: datetime) -> Incident:
    """By who works on the incident, or reported it; once. Raises NoSuchRecord, NotYoursToJudge, AlreadyDone."""
    incident = await shown_to(tx, about.incident.ref, by)
    if not await standings(tx, incident, by):
        raise NotYoursToJudge(ref=about.incident.ref)
    change, number = await find(tx, about.change.ref), incident.number
    if not await stored.judge(tx, number, change.number, verdict, by, now):
        known = await stored.get(tx, number, change.number)
        who = await people.name(tx, known.judged_by if known else None)
        done = f"{known.verdict if known and known.verdict else 'dealt with'} as the cause of {about.incident.ref}"
        raise AlreadyDone(ref=about.change.ref, done=done, by=who)
    if verdict is Verdict.LINKED:
        await incident_people.link(tx, number, str(about.change.ref), by, now)
        await record(tx, incident, FactKind.INCIDENT_LINKED, Deed(by, now), {"other": str(about.change.ref)})
        await _tell_change(tx, change, incident, by, now)
    else:
        await record(tx, incident, FactKind.CAUSE_RULED_OUT, Deed(by, now), {"other": str(about.change.ref)})
    return incident


async def _tell_change(tx: AsyncSession, change: Change, incident: Incident, by: str, now: datetime) -> None:
    """On record with the change too, and its people are offered the way back; of a private one only who may see it."""
    subject, ref, desk = f"CHG-{change.number}", ref_of(incident), await in_force(tx)
    hear = sorted({change.requester, change.implementer} - {""})
    if incident.private:
        hear = [one for one in hear if await _sees(tx, incident, one)]
    else:
        await stored.blame(tx, change.number, str(ref))
        fact = Fact(FactKind.CHANGE_CAUSED, subject, by, now, desk.version, {"incident": str(ref)})
        await journal.record(tx, fact)
        channel = desk.policy.channel(ChannelKey.CHANGES)
        await outbox.put(tx, change_notices.caused(subject, incident.number, channel), now)
    await outbox.put_all(tx, change_notices.backout_offered(subject, incident.number, hear), now)
    await outbox.redraw(tx, subject, now)


async def _sees(tx: AsyncSession, incident: Incident, person: str) -> bool:
    try:
        return await shown_to(tx, ref_of(incident), person) is not None
    except NoSuchRecord:
        return False
