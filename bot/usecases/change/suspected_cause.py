"""Asks an incident after a change about that change; if it is the cause, its backout is offered."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.refusals import NotYoursToJudge
from bot.rules.change.suspected_cause import ASKED_MOST, CauseCandidate, Verdict, suspect
from bot.rules.incident.flow import OPEN
from bot.rules.policy.policy import ChannelKey
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refusals import AlreadyDone, NoSuchRecord
from bot.usecases import people
from bot.usecases.change.access import find
from bot.usecases.incident.record import Deed, record
from bot.usecases.incident.visibility import ref_of, shown_to, standings, viewer_of
from bot.usecases.policy import in_force
from storage import record_links
from storage.change import suspected_causes as stored
from storage.delivery import outbox
from storage.incident import incidents
from storage.journal import journal
from storage.record_links import LinkKind
from storage.tables import Change, Incident


async def ask(tx: AsyncSession, incident: Incident, now: datetime, *, is_new: bool) -> None:
    """Which changes of late may be what it comes from, by its service as it is now.

    `is_new`: nothing has been asked about it yet.
    """
    policy = (await in_force(tx)).policy
    found = [
        one.number
        for one in await stored.worked_on(tx, now - policy.changes.suspect_within)
        if suspect(one.services, incident.service, policy.needs)
    ]
    await stored.ask(tx, incident.number, found[:ASKED_MOST], now, anew=not is_new)


async def asked(tx: AsyncSession, incident: Incident) -> list[Change]:
    """The changes that its card asks about."""
    if incident.state not in OPEN:
        return []
    linked = await record_links.of(tx, str(incident.ref))
    return [one for one in await stored.asked(tx, incident.number) if f"CHG-{one.number}" not in linked]


async def judge(tx: AsyncSession, about: CauseCandidate, verdict: Verdict, *, by: str, now: datetime) -> Incident:
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
        await record_links.add(tx, str(incident.ref), str(about.change.ref), LinkKind.CAUSE, by, now)
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
        await outbox.put(tx, notices.caused(subject, incident.number, channel), now)
    await outbox.put_all(tx, notices.backout_offered(subject, incident.number, hear), now)
    await outbox.redraw(tx, subject, now)


async def shown_in_public(tx: AsyncSession, incident: int) -> Incident | None:
    """For a channel that everybody reads; None of one that has been made private since."""
    found = await incidents.get(tx, incident)
    return None if found is None or found.private else found


async def shown_in_private(tx: AsyncSession, incident: int, person: str) -> Incident | None:
    """For one reader; None of one that is not for their eyes, or no longer."""
    return await incidents.seen_by(tx, incident, await viewer_of(tx, person))


async def _sees(tx: AsyncSession, incident: Incident, person: str) -> bool:
    try:
        return await shown_to(tx, ref_of(incident), person) is not None
    except NoSuchRecord:
        return False
