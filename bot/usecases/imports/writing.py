"""An incident as another tool had it, put on record as imported: silently, and with the times that it had there.

No use case of the desk's is called: each tells people, and begins promises, as of now. So nothing follows from these
facts (`bot/usecases/reactions.py` knows none of them) but what is done here: clocks of what is still open.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports.ticket import Comment, Source, Ticket, Who
from bot.rules.incident.auto_close import CLOSE, TIMER, closing
from bot.rules.incident.flow import OPEN, IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.record import text as record_text
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, Fact, FactKind
from bot.rules.record.text import WORDS_MOST
from bot.rules.sla.clocks import PROMISED, ClockKind
from bot.usecases.imports.known import Known
from bot.usecases.incident import auto_close
from bot.usecases.sla import clocks
from storage import timers
from storage.delivery import outbox
from storage.imports import imported
from storage.journal import journal
from storage.sla import clocks as stored_clocks
from storage.tables import ImportedRecord, Incident

_MIDDLE = (Impact.MEDIUM, Urgency.MEDIUM)


class Clocks(StrEnum):
    """From when on the promises of what is still open are counted."""

    NOW = "now"
    START = "start"
    NONE = "none"


@dataclass(frozen=True)
class Batch:
    """What is the same for all records of a file."""

    source: Source
    name: str
    """Under which its ids are known."""
    file: str
    """Its digest."""
    known: Known
    clocks: Clocks
    now: datetime


async def add(tx: AsyncSession, tickets: Sequence[tuple[int, Ticket]], batch: Batch) -> None:
    """New incidents by their numbers, with facts and what they are known again by: a statement for all of each."""
    facts: list[Fact] = []
    rows: list[ImportedRecord] = []
    incidents: list[Incident] = []
    for number, ticket in tickets:
        version = batch.known.version
        incident = Incident(number=number, revision=1, policy_version=version, **_values(ticket, batch))
        comments = _comments(ticket)
        incidents.append(incident)
        facts += [_fact(incident, ticket, batch), *_notes(incident, comments, batch)]
        rows.append(_remembered(incident, ticket, batch, [one.digest for one in comments]))
    await imported.add_all(tx, incidents)
    await journal.record_all(tx, facts)
    await imported.add_all(tx, rows)
    for incident in incidents:
        await _promise(tx, incident, batch)


async def follow(tx: AsyncSession, ticket: Ticket, before: ImportedRecord, incident: Incident, batch: Batch) -> bool:
    """What changed at the source since the last import; whether anything was. Raises nothing: what was worked on here
    stays as it is, and only what was written there since is added."""
    seen: list[str] = json.loads(before.comments)
    comments = unseen(ticket, before)
    moved = before.digest != ticket.digest and before.revision == incident.revision
    was_open = incident.state in OPEN
    if moved:
        moved = await imported.follow(tx, incident.number, before.revision, _values(ticket, batch))
        await tx.refresh(incident)
    told = [_fact(incident, ticket, batch)] if moved else []
    await journal.record_all(tx, [*told, *_notes(incident, comments, batch)])
    if moved:
        await _promise_again(tx, incident, batch, was_open=was_open)
        await outbox.redraw(tx, str(incident.ref), batch.now)
    if moved or comments:
        digests = [*seen, *(one.digest for one in comments)]
        revision = incident.revision if moved else before.revision
        digest = ticket.digest if moved else before.digest
        await imported.keep(tx, _remembered(incident, ticket, batch, digests, revision, digest))
    return moved or bool(comments)


def unseen(ticket: Ticket, before: ImportedRecord) -> list[Comment]:
    """What was written there since the last import."""
    seen = set(json.loads(before.comments))
    return [one for one in _comments(ticket) if one.digest not in seen]


def _remembered(
    incident: Incident,
    ticket: Ticket,
    batch: Batch,
    comments: Sequence[str],
    revision: int | None = None,
    digest: str | None = None,
) -> ImportedRecord:
    return ImportedRecord(
        source=batch.name,
        source_id=ticket.source_id,
        subject=str(incident.ref),
        digest=digest or ticket.digest,
        comments=json.dumps(list(comments)),
        revision=revision or incident.revision,
        file=batch.file,
        imported_at=batch.now,
    )


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
    if ticket.state is not IncidentState.RESOLVED or ticket.resolved_at is None:
        return ticket.state
    return IncidentState.CLOSED if _closes_at(policy, ticket.resolved_at) <= now else ticket.state


def _closes_at(policy: Policy, resolved_at: datetime) -> datetime:
    rules = policy.incidents
    return closing(auto_close.business_days(policy), resolved_at, rules.remind_after, rules.close_after).close_at


def _pending_note(ticket: Ticket, source: Source) -> str:
    until = f" until {record_text.instant(ticket.pending_until)}" if ticket.pending_until else ""
    return f"It was waiting in {source.label}{until} when it was moved here."


def _comments(ticket: Ticket) -> list[Comment]:
    """What a description cannot hold stands in a note behind it. Each once: an export may repeat itself."""
    rest = ticket.description[WORDS_MOST:]
    more = [Comment(f"(The description goes on:)\n{rest}", ticket.opened_at)] if rest else []
    return list({one.digest: one for one in (*more, *ticket.comments)}.values())


def _fact(incident: Incident, ticket: Ticket, batch: Batch) -> Fact:
    """As it stands now, and where it comes from. Whoever is not here is among the words, which can be erased."""
    data: dict[str, Datum] = {
        "revision": incident.revision,
        "source": batch.name,
        "source_id": ticket.source_id,
        "old_ref": ticket.old_ref,
        "file": batch.file,
        "state": incident.state,
        "service": incident.service,
        "priority": incident.priority,
        "private": incident.private,
        "reporter": incident.reporter,
    }
    times = {"opened_at": incident.opened_at, "resolved_at": incident.resolved_at, "closed_at": ticket.closed_at}
    data |= {name: at.isoformat() for name, at in times.items() if at is not None}
    if incident.assignee:
        data["assignee"] = incident.assignee
    typed = {
        "summary": incident.summary,
        "description": incident.description,
        "resolution": incident.resolution or "",
        "reported_by": _stranger(ticket.reporter, incident.reporter != SYSTEM),
        "assigned_to": _stranger(ticket.assignee, incident.assignee is not None),
    }
    said = {name: text for name, text in typed.items() if text}
    return Fact(FactKind.INCIDENT_IMPORTED, str(incident.ref), OPERATOR, batch.now, batch.known.version, data, said)


def _stranger(who: Who | None, is_here: bool) -> str:
    return "" if who is None or is_here else who.said


def _notes(incident: Incident, comments: Iterable[Comment], batch: Batch) -> list[Fact]:
    found = []
    for one in comments:
        person = batch.known.person(one.who)
        data: dict[str, Datum] = {"internal": one.internal}
        if one.at is not None:
            data["said_at"] = one.at.isoformat()
        if person is not None:
            data["person"] = person
        words = {"comment": one.text}
        if one.who is not None and person is None and one.who.said:
            words["author"] = one.who.said
        kind, at, version = FactKind.INCIDENT_NOTE_IMPORTED, batch.now, batch.known.version
        found.append(Fact(kind, str(incident.ref), OPERATOR, at, version, data, words))
    return found


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
