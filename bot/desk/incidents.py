"""What a person does with an incident; each function is one transaction's work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks, major_incidents, people
from bot.desk.policy import InForce, in_force
from bot.rules import incident_notices, sla, words
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.incident_flow import DESK, FLOW, IncidentState, IncidentStep, check
from bot.rules.priority import Impact, Urgency
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import FormRefused, NoSuchRecord, Stale
from storage import incidents, journal, numbers, outbox
from storage.tables import Incident


@dataclass(frozen=True)
class Report:
    """What a reporter fills in. Its field names are the form's."""

    summary: str
    description: str
    service: str
    impact: Impact
    urgency: Urgency


async def log(tx: AsyncSession, report: Report, *, by: str, now: datetime) -> Incident:
    """A new incident with its clocks running. Raises FormRefused naming each field at fault."""
    await people.member(tx, by)
    desk = await in_force(tx)
    report = _checked(report, desk)
    incident = _incident(await numbers.next_number(tx, Noun.INCIDENT), report, desk, by, now)
    await incidents.add(tx, incident)
    subject = str(Ref(Noun.INCIDENT, incident.number))
    await clocks.open(tx, incident, now)
    data: dict[str, Datum] = {
        "service": incident.service,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "priority": incident.priority,
    }
    typed = {"summary": incident.summary, "description": incident.description}
    await journal.record(tx, Fact(FactKind.INCIDENT_OPENED, subject, by, now, desk.version, data, typed))
    await outbox.put_all(
        tx, incident_notices.incident_logged(subject, desk.policy.channel_of(incident.service), by), now
    )
    return incident


async def acknowledge(tx: AsyncSession, seen: Seen, *, by: str, now: datetime) -> None:
    """Someone of the desk takes it. Raises NotAllowed, AlreadyDone, NotAStep, Stale, NoSuchRecord."""
    values: dict[str, str | datetime] = {"acknowledged_at": now, "acknowledged_by": by, "assignee": by}
    await _take(tx, IncidentStep.ACKNOWLEDGE, seen, by, values)
    subject = str(seen.ref)
    await clocks.stop(tx, subject, [sla.ClockKind.RESPONSE], by, now)
    await _record(tx, FactKind.INCIDENT_ACKNOWLEDGED, subject, by, now)
    await outbox.redraw(tx, subject, now)


async def resolve(tx: AsyncSession, seen: Seen, note: str, *, by: str, now: datetime) -> None:
    """The fix is in and said how. Raises as `acknowledge`, and FormRefused for the note."""
    note = words.clean(note)
    if faults := words.faults({"resolution": ("The resolution note", note, words.WORDS_MOST)}):
        raise FormRefused(faults)
    incident = await _take(
        tx, IncidentStep.RESOLVE, seen, by, {"resolved_at": now, "resolved_by": by, "resolution": note}
    )
    subject = str(seen.ref)
    await clocks.stop(tx, subject, list(sla.ClockKind), by, now)
    await _record(tx, FactKind.INCIDENT_RESOLVED, subject, by, now, {"resolution": note})
    await outbox.redraw(tx, subject, now)
    await outbox.put_all(tx, incident_notices.incident_resolved(subject, incident.reporter, by), now)
    await major_incidents.end(tx, seen.ref, by=by, now=now)


async def find(tx: AsyncSession, ref: Ref) -> Incident:
    """Raises NoSuchRecord."""
    incident = await incidents.get(tx, ref.number)
    if incident is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return incident


async def may(tx: AsyncSession, step: IncidentStep, seen: Seen, by: str) -> Incident:
    """The incident, if this person could take the step now; raises what taking it would."""
    desk = await in_force(tx)
    await people.require(tx, desk, by, DESK, f"mark an incident {step}")
    incident = await find(tx, seen.ref)
    done_by = await people.name(tx, incident.resolved_by or incident.acknowledged_by)
    check(seen.ref, step, IncidentState(incident.state), done_by)
    return incident


async def _take(
    tx: AsyncSession, step: IncidentStep, seen: Seen, by: str, values: Mapping[str, str | datetime]
) -> Incident:
    """The step as one conditional UPDATE; what lost the race is asked again, so that it hears who came first."""
    incident = await may(tx, step, seen, by)
    move = FLOW[step]
    taken = await incidents.step(tx, seen.ref.number, frm=move.frm, revision=None, state=move.to, **values)
    if not taken:
        await tx.refresh(incident)
        await may(tx, step, seen, by)
        raise Stale(ref=seen.ref)
    return incident


async def _record(
    tx: AsyncSession, kind: FactKind, subject: str, by: str, now: datetime, typed: Mapping[str, str] | None = None
) -> None:
    desk = await in_force(tx)
    await journal.record(tx, Fact(kind, subject, by, now, desk.version, words=typed or {}))


def _checked(report: Report, desk: InForce) -> Report:
    summary, description = words.one_line(report.summary), words.clean(report.description)
    faults = words.faults({"summary": ("The summary", summary, words.SUMMARY_MOST)})
    if description:
        faults |= words.faults({"description": ("The description", description, words.WORDS_MOST)})
    if report.service not in desk.policy.services:
        faults["service"] = "This service is not in the catalogue any more. Choose one from the list."
    if faults:
        raise FormRefused(faults)
    return replace(report, summary=summary, description=description)


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
        reporter=by,
        opened_at=now,
        policy_version=desk.version,
    )
