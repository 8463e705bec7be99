"""Logging an incident; what is done to it afterwards has its own modules (incident_steps, incident_people, …)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_links, clocks, people, underpinning
from bot.desk.incident_eyes import card_lanes, eyes_of
from bot.desk.policy import InForce, in_force
from bot.rules import incident_notices, words
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.incident_flow import IncidentState
from bot.rules.incident_likeness import alike
from bot.rules.priority import Impact, Urgency
from bot.rules.refs import Noun, Ref
from bot.rules.refusals import FormRefused, GuestsMayNot, NoSuchRecord
from storage import incidents, journal, numbers, outbox, places
from storage.tables import Incident


@dataclass(frozen=True)
class Origin:
    """The thread that an incident was logged from, by Slack's ids."""

    channel: str
    thread_ts: str
    answered: bool
    """Whether the number can be said there: Deskbell is in the channel, or it is public."""


@dataclass(frozen=True)
class Report:
    """What a reporter fills in. Its field names are the form's."""

    summary: str
    description: str
    service: str
    impact: Impact
    urgency: Urgency
    private: bool = False
    behalf: str | None = None
    """For whom it is logged, where that is somebody else."""


async def log(tx: AsyncSession, report: Report, *, by: str, now: datetime, origin: Origin | None = None) -> Incident:
    """A new incident with its clocks running. Raises FormRefused naming each field at fault."""
    await people.member(tx, by)
    desk = await in_force(tx)
    report = await _checked(tx, report, desk, by)
    incident = _incident(await numbers.next_number(tx, Noun.INCIDENT), report, desk, by, now)
    if origin is not None:
        incident.origin_channel, incident.origin_ts = origin.channel, origin.thread_ts
    await incidents.add(tx, incident)
    await _record(tx, incident, by)
    await clocks.open(tx, incident, now)
    await change_links.ask(tx, incident, now)
    await _announce(tx, incident, desk, origin, now)
    return incident


async def find(tx: AsyncSession, ref: Ref) -> Incident:
    """Whoever asks: for drawing and for the desk's own work, never for showing. Raises NoSuchRecord."""
    incident = await incidents.get(tx, ref.number)
    if incident is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return incident


async def similar(tx: AsyncSession, summary: str, service: str, by: str) -> list[Incident]:
    """Open incidents on the same service that read like this one, best first."""
    return alike(summary, await incidents.open_on(tx, service, await eyes_of(tx, by)))


async def _record(tx: AsyncSession, incident: Incident, by: str) -> None:
    data: dict[str, Datum] = {
        "service": incident.service,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "priority": incident.priority,
        "private": incident.private,
        "reporter": incident.reporter,
        "revision": incident.revision,
    }
    typed = {"summary": incident.summary, "description": incident.description}
    subject, at, version = str(Ref(Noun.INCIDENT, incident.number)), incident.opened_at, incident.policy_version
    await journal.record(tx, Fact(FactKind.INCIDENT_OPENED, subject, by, at, version, data, typed))
    await underpinning.follow(tx, incident, FactKind.INCIDENT_OPENED, by, at)


async def _announce(tx: AsyncSession, incident: Incident, desk: InForce, origin: Origin | None, now: datetime) -> None:
    subject = str(Ref(Noun.INCIDENT, incident.number))
    lanes = await card_lanes(tx, desk.policy, incident)
    told = incident_notices.incident_logged(subject, lanes, incident.reporter)
    # A private incident's number is nobody's business in the thread that it was logged from.
    if origin is not None and origin.answered and not incident.private:
        await places.set(tx, origin.channel, origin.channel)
        told.append(incident_notices.logged_here(subject, origin.channel, origin.thread_ts))
    await outbox.put_all(tx, told, now)


async def _checked(tx: AsyncSession, report: Report, desk: InForce, by: str) -> Report:
    summary, description = words.one_line(report.summary), words.clean(report.description)
    faults = words.faults({"summary": ("The summary", summary, words.SUMMARY_MOST)})
    if description:
        faults |= words.faults({"description": ("The description", description, words.WORDS_MOST)})
    if report.service not in desk.policy.services:
        faults["service"] = "This service is not in the catalogue any more. Choose one from the list."
    if report.behalf and not await _can_report(tx, report.behalf):
        faults["behalf"] = "Guests, bots and people who have left cannot report. Choose a member of this workspace."
    if faults:
        raise FormRefused(faults)
    return replace(report, summary=summary, description=description, behalf=report.behalf or by)


async def _can_report(tx: AsyncSession, person: str) -> bool:
    try:
        return await people.member(tx, person) is not None
    except GuestsMayNot:
        return False


def _incident(number: int, report: Report, desk: InForce, by: str, now: datetime) -> Incident:
    return Incident(
        number=number,
        state=IncidentState.NEW,
        revision=1,
        summary=report.summary,
        description=report.description,
        service=report.service,
        impact=report.impact,
        urgency=report.urgency,
        priority=desk.policy.priority(report.impact, report.urgency),
        private=report.private,
        reporter=report.behalf or by,
        logged_by=by if report.behalf not in (None, by) else None,
        opened_at=now,
        moved_at=now,
        policy_version=desk.version,
    )
