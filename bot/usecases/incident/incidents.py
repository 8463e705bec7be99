"""Logging an incident; what is done to it afterwards has its own modules (incident_steps, incident_people, …)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Kept
from bot.rules.incident import notices
from bot.rules.incident.flow import IncidentState
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.incident.similar import alike
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.refusals import FormRefused, GuestsMayNot
from bot.usecases import people
from bot.usecases.configuration_item import naming
from bot.usecases.incident.visibility import card_lanes, viewer_of
from bot.usecases.policy import InForce, in_force
from bot.usecases.records import fields
from bot.usecases.records.record import Deed, record
from bot.usecases.records.visibility import sealed
from storage import record_numbers, records
from storage.delivery import outbox
from storage.incident import incidents
from storage.tables import Incident
from storage.workspace import channels


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
    fields: Mapping[str, Answer | None] | None = None
    """Additional ones by their keys; None where no form asked for them."""


async def log(tx: AsyncSession, report: Report, *, by: str, now: datetime, origin: Origin | None = None) -> Incident:
    """A new incident with its clocks running. Raises FormRefused naming each field at fault."""
    await people.member(tx, by)
    desk = await in_force(tx)
    report = await _checked(tx, report, desk, by)
    incident = _incident(await record_numbers.next_number(tx, Noun.INCIDENT), report, desk, by, now)
    if origin is not None:
        incident.origin_channel, incident.origin_ts = origin.channel, origin.thread_ts
    await records.add(tx, incident)
    filled = fields.filled_in(desk.policy, FieldsOf.INCIDENT, report.fields or {})
    kept = await sealed(tx, filled.kept(fields.known(desk.policy))) if report.fields is not None else []
    await fields.keep(tx, incident.ref, kept, by)
    await _record(tx, incident, by, kept)
    await _announce(tx, incident, desk, origin, now)
    await naming.as_answered(tx, incident, kept, by=by, now=now)
    return incident


async def similar(tx: AsyncSession, summary: str, service: str, by: str) -> list[Incident]:
    """Open incidents on the same service that read like this one, best first."""
    found = alike(summary, await incidents.summaries_on(tx, service, await viewer_of(tx, by)))
    known = {one.number: one for one in await records.numbered(tx, Incident, [one.number for one in found])}
    return [known[one.number] for one in found]


async def waiting_for(tx: AsyncSession, person: str) -> list[Incident]:
    """Incidents that wait for this person's answer."""
    return await incidents.waiting_for(tx, person)


async def _record(tx: AsyncSession, incident: Incident, by: str, kept: Sequence[Kept]) -> None:
    data: dict[str, Datum] = {
        "service": incident.service,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "priority": incident.priority,
        "private": incident.private,
        "reporter": incident.reporter,
    }
    typed = {"summary": incident.summary, "description": incident.description}
    if kept:
        typed["fields"] = fields.text(kept)
    await record(tx, incident, FactKind.INCIDENT_OPENED, Deed(by, incident.opened_at), data, typed)


async def _announce(tx: AsyncSession, incident: Incident, desk: InForce, origin: Origin | None, now: datetime) -> None:
    subject = str(incident.ref)
    lanes = await card_lanes(tx, desk.policy, incident)
    told = notices.incident_logged(subject, lanes, incident.reporter)
    # A private incident's number is nobody's business in the thread that it was logged from.
    if origin is not None and origin.answered and not incident.private:
        await channels.set(tx, origin.channel, origin.channel)
        told.append(notices.logged_here(subject, origin.channel, origin.thread_ts))
    if incident.logged_by:
        told += notices.followed(subject, [incident.logged_by])
    await outbox.put_all(tx, told, now)


async def _checked(tx: AsyncSession, report: Report, desk: InForce, by: str) -> Report:
    summary, description = text.one_line(report.summary), text.clean(report.description)
    faults = text.faults({"summary": ("The summary", summary, text.SUMMARY_MOST)})
    if description:
        faults |= text.faults({"description": ("The description", description, text.WORDS_MOST)})
    if report.service not in {*desk.policy.services, UNSURE}:
        faults["service"] = "This service is not in the catalogue any more. Choose one from the list."
    if report.behalf and not await can_report(tx, report.behalf):
        faults["behalf"] = "Guests, bots and people who have left cannot report. Choose a member of this workspace."
    if report.fields is not None:
        faults |= fields.faults(fields.filled_in(desk.policy, FieldsOf.INCIDENT, report.fields))
    if faults:
        raise FormRefused(faults)
    return replace(report, summary=summary, description=description, behalf=report.behalf or by)


async def can_report(tx: AsyncSession, person: str) -> bool:
    """Whether an incident can be logged for this person: a member of the workspace."""
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
