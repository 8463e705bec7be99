"""Incidents as another tool had them: their values, and the clocks of what is still open."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports.ticket import Source, Ticket
from bot.rules.incident.auto_close import CLOSE, TIMER, closing
from bot.rules.incident.flow import OPEN, IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.record import text as record_text
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, FactKind
from bot.rules.record.text import WORDS_MOST
from bot.rules.sla.clocks import PROMISED, ClockKind
from bot.usecases.imports.batch import Batch, Clocks, MovedKind, stranger
from bot.usecases.incident import auto_close
from bot.usecases.sla import clocks
from storage import timers
from storage.imports import imported
from storage.sla import clocks as stored_clocks
from storage.tables import Incident

_MIDDLE = (Impact.MEDIUM, Urgency.MEDIUM)


def _values(ticket: Ticket, batch: Batch) -> dict[str, Any]:
    known, policy = batch.known, batch.known.policy
    impact, urgency, priority, overridden = weigh(ticket, policy)
    state = _state(ticket, policy, batch.now)
    assignee = known.person(ticket.assignee)
    pending = state is IncidentState.PENDING
    return {
        "state": state,
        "summary": ticket.summary,
        "description": ticket.description[:WORDS_MOST],
        "service": known.service(ticket.service),
        "impact": impact,
        "urgency": urgency,
        "priority": priority,
        "overridden": overridden,
        "private": ticket.private,
        "reporter": known.person(ticket.reporter) or SYSTEM,
        "assignee": assignee,
        # One or the other has it.
        "assigned_group": None if assignee or ticket.private else known.group(ticket.group),
        "pending_on": ticket.pending_on if pending else None,
        "pending_note": _pending_note(ticket, batch.source) if pending else None,
        "resolution": ticket.resolution[:WORDS_MOST] or None,
        "resolution_code": ticket.resolution_code[:100] or None,
        "opened_at": ticket.opened_at,
        "acknowledged_at": ticket.acknowledged_at,
        "resolved_at": None
        if state in OPEN or state is IncidentState.CANCELLED
        else ticket.resolved_at or ticket.closed_at,
        "moved_at": ticket.ended_at or ticket.updated_at or ticket.opened_at,
        "imported_from": batch.name,
        "old_ref": ticket.old_ref,
        "policy_version": known.version,
    }


def weigh(ticket: Ticket, policy: Policy) -> tuple[Impact, Urgency, Priority, bool]:
    """Impact, urgency and priority, and whether the priority is another than the policy's matrix gives."""
    if ticket.impact is None and ticket.urgency is None and ticket.priority is not None:
        for impact, urgency in sorted(
            ((impact, urgency) for impact in Impact for urgency in Urgency),
            key=lambda one: one[0].value != one[1].value,
        ):
            if policy.priority(impact, urgency) is ticket.priority:
                return impact, urgency, ticket.priority, False
    impact, urgency = ticket.impact or _MIDDLE[0], ticket.urgency or _MIDDLE[1]
    given = policy.priority(impact, urgency)
    return impact, urgency, ticket.priority or given, ticket.priority not in (None, given)


def _state(ticket: Ticket, policy: Policy, now: datetime) -> IncidentState:
    """What was resolved for so long that silence would have closed it is closed."""
    state = IncidentState(ticket.state)
    if state is not IncidentState.RESOLVED or ticket.resolved_at is None:
        return state
    return IncidentState.CLOSED if _closes_at(policy, ticket.resolved_at) <= now else state


def _closes_at(policy: Policy, resolved_at: datetime) -> datetime:
    rules = policy.incidents
    return closing(auto_close.business_days(policy), resolved_at, rules.remind_after, rules.close_after).close_at


def _pending_note(ticket: Ticket, source: Source) -> str:
    until = f" until {record_text.instant(ticket.pending_until)}" if ticket.pending_until else ""
    return f"It was waiting in {source.label}{until} when it was moved here."


async def _promise(tx: AsyncSession, incident: Incident, batch: Batch) -> None:
    """Clocks of what is open alone, and the end of what is only resolved; neither tells of what is past."""
    now, subject = batch.now, str(incident.ref)
    if incident.state == IncidentState.RESOLVED and incident.resolved_at is not None:
        at = _closes_at(batch.known.policy, incident.resolved_at)
        await timers.schedule(tx, subject, TIMER, f"{CLOSE}:{incident.revision}", at)
    if incident.state not in OPEN or batch.clocks is Clocks.NONE:
        return
    kinds = PROMISED if incident.state == IncidentState.NEW else (ClockKind.RESOLUTION,)
    from_start = batch.clocks is Clocks.START
    await clocks.open(tx, incident, incident.opened_at if from_start else now, kinds, now=now)
    if incident.state == IncidentState.PENDING:
        await clocks.pause(tx, subject, incident.pending_on or PendingOn.VENDOR, OPERATOR, now)
    if from_start:
        await imported.silence_past(tx, subject, now)


async def _promise_again(tx: AsyncSession, incident: Incident, batch: Batch, *, was_open: bool) -> None:
    """What the source did with it since: nobody here kept a promise by that, or broke one."""
    subject, is_open = str(incident.ref), incident.state in OPEN
    if was_open and not is_open:
        await clocks.cancel(tx, subject, OPERATOR, batch.now)
        await timers.cancel(tx, subject, None, batch.now)
    if not is_open:
        await _promise(tx, incident, batch)
    elif await stored_clocks.held(tx, subject):
        if not was_open:
            await clocks.reopen(tx, incident, OPERATOR, batch.now)
        await clocks.retarget(tx, incident, OPERATOR, batch.now)
        if incident.state == IncidentState.PENDING:
            await clocks.pause(tx, subject, incident.pending_on or PendingOn.VENDOR, OPERATOR, batch.now)
        else:
            await clocks.resume(tx, subject, OPERATOR, batch.now)
        if incident.state not in (IncidentState.NEW, IncidentState.PENDING):
            await clocks.dismiss(tx, subject, [ClockKind.RESPONSE], OPERATOR, batch.now)
    else:
        await _promise(tx, incident, batch)


def _told(incident: Incident, ticket: Ticket) -> tuple[dict[str, Datum], dict[str, str]]:
    data: dict[str, Datum] = {
        "service": incident.service,
        "priority": incident.priority,
        "private": incident.private,
        "reporter": incident.reporter,
    }
    times = {"opened_at": incident.opened_at, "resolved_at": incident.resolved_at, "closed_at": ticket.closed_at}
    data |= {name: at.isoformat() for name, at in times.items() if at is not None}
    if incident.assignee:
        data["assignee"] = incident.assignee
    return data, {
        "summary": incident.summary,
        "description": incident.description,
        "resolution": incident.resolution or "",
        "reported_by": stranger(ticket.reporter, incident.reporter != SYSTEM),
        "assigned_to": stranger(ticket.assignee, incident.assignee is not None),
    }


KIND = MovedKind(
    Incident,
    FactKind.INCIDENT_IMPORTED,
    FactKind.INCIDENT_NOTE_IMPORTED,
    _values,
    _told,
    _promise,
    _promise_again,
    counts=True,
)
