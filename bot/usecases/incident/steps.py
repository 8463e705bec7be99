"""The steps of the incident's flow; each function is one transaction's work.

Each raises NoSuchRecord, NotAllowed, AlreadyDone, NotAStep, Stale; and FormRefused for what is typed with it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices
from bot.rules.incident.flow import FLOW, IncidentState, IncidentStep, PendingOn, Standing, check, legal
from bot.rules.incident.refusals import ReopenTooLate
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.flow import Row
from bot.rules.record.notices import person
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import NotAllowed
from bot.rules.record.text import spell
from bot.usecases import people
from bot.usecases.incident import auto_close
from bot.usecases.incident.record import Deed, record, required, tell
from bot.usecases.incident.visibility import (
    card_lanes,
    concerned,
    customers,
    ref_of,
    shown_to,
    standings,
    working_group,
)
from bot.usecases.policy import in_force
from bot.usecases.records import steps
from bot.usecases.records.steps import Taken
from storage.delivery import outbox
from storage.incident import incidents
from storage.incident.incidents import unless_set
from storage.tables import Incident

Way: TypeAlias = Row[IncidentStep, IncidentState, Standing]


async def acknowledge(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """Someone of the desk has seen it and takes it, unless it was given to somebody already."""
    return await _take_up(tx, IncidentStep.ACKNOWLEDGE, ref, Deed(by, now))


async def start(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """Work begins; that acknowledges it too."""
    return await _take_up(tx, IncidentStep.START, ref, Deed(by, now))


async def pend(tx: AsyncSession, ref: Ref, on: PendingOn, reason: str, *, by: str, now: datetime) -> Incident:
    """The desk waits for somebody else; the resolution clock does too, where the policy says so."""
    reason, deed = required("comment", "The reason", reason), Deed(by, now)
    taken = await _take(tx, IncidentStep.PEND, ref, deed, pending_on=on, pending_note=reason)
    incident = await _done(tx, IncidentStep.PEND, taken, deed, {"on": on}, reason)
    if on is PendingOn.CUSTOMER:
        told = [one for one in await customers(tx, incident) if one != by]
        await outbox.put_all(tx, notices.question(str(ref), incident.revision, told), now)
    return incident


async def resume(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    deed = Deed(by, now)
    taken = await _take(tx, IncidentStep.RESUME, ref, deed, pending_on=None, pending_note=None)
    return await _done(tx, IncidentStep.RESUME, taken, deed)


async def answered(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """It waited for the customer, who has answered: work goes on. For a caller that put the answer on record."""
    deed = Deed(by, now)

    return await _go_on(tx, await shown_to(tx, ref, by), deed, {"answered": True})


async def go_on_without(tx: AsyncSession, now: datetime) -> None:
    """What waits for customers of whom nobody is left goes on; whoever has it is told."""
    deed = Deed(SYSTEM, now)
    for incident in await incidents.waiting_for_the_departed(tx):
        if not await customers(tx, incident):
            left = incident.reporter
            incident = await _go_on(tx, incident, deed, {"left": left})
            hear = [person(incident.assignee)] if incident.assignee else []
            await tell(tx, incident, FactKind.INCIDENT_RESUMED, deed, hear)


async def _go_on(tx: AsyncSession, incident: Incident, deed: Deed, data: Mapping[str, Datum]) -> Incident:
    async def asked(incident: Incident) -> Way:
        standing = (Standing.ANSWER,)
        return check(incident.ref, IncidentStep.RESUME, IncidentState(incident.state), standings=standing)

    values = {"pending_on": None, "pending_note": None, **moved(deed)}
    return await _done(tx, IncidentStep.RESUME, await steps.step(tx, incident, asked, **values), deed, data)


async def resolve(tx: AsyncSession, ref: Ref, code: str, note: str, *, by: str, now: datetime) -> Incident:
    """The fix is in and said how; the reporter is asked to confirm. An unknown code is the policy's first."""
    note, deed = required("resolution", "The resolution note", note), Deed(by, now)
    codes = (await in_force(tx)).policy.incidents.codes
    code = next((known for known in codes if known.casefold() == code.casefold()), codes[0])
    fixed: dict[str, Any] = {"resolved_at": now, "resolved_by": by, "resolution": note, "resolution_code": code}
    fixed |= _seen_by(deed) | {"reopened_by": None, "reopened_note": None}
    taken = await _take(tx, IncidentStep.RESOLVE, ref, deed, **fixed, pending_on=None, pending_note=None)
    incident = await _done(tx, IncidentStep.RESOLVE, taken, deed, {"code": code}, note)
    await auto_close.schedule(tx, incident, now)
    told = notices.incident_resolved(str(ref), incident.revision, incident.reporter, by, await concerned(tx, incident))
    await outbox.put_all(tx, told, now)
    return incident


async def close(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """The fix holds: the reporter says so, or the desk, or nobody for long enough (`by` is then SYSTEM)."""
    deed = Deed(by, now)
    taken = await _take(tx, IncidentStep.CLOSE, ref, deed)
    incident = await _done(tx, IncidentStep.CLOSE, taken, deed)
    # Who said themselves that it works again is asked there. What another tool resolved is not ours to be rated.
    served = incident.imported_from is None and by != incident.reporter
    if served and incident.reporter in await customers(tx, incident):
        await outbox.put_all(tx, notices.rating_asked(str(ref), incident.reporter), now)
    return incident


async def cancel(tx: AsyncSession, ref: Ref, reason: str, *, by: str, now: datetime) -> Incident:
    """It needs no fixing; those whom it concerns hear why."""
    reason, deed = required("comment", "The reason", reason), Deed(by, now)
    taken = await _take(tx, IncidentStep.CANCEL, ref, deed, pending_on=None, pending_note=None)
    incident = await _done(tx, IncidentStep.CANCEL, taken, deed, None, reason)
    await _tell_concerned(tx, incident, FactKind.INCIDENT_CANCELLED, deed)
    return incident


async def reopen(tx: AsyncSession, ref: Ref, reason: str, *, by: str, now: datetime) -> Incident:
    """It was not fixed after all. Raises ReopenTooLate for a reporter past the policy's window."""
    reason, deed = required("comment", "The reason", reason), Deed(by, now)
    undone = dict.fromkeys(("resolved_at", "resolved_by", "resolution", "resolution_code", "duplicate_of"))
    why = {"reopened_by": by, "reopened_note": reason}
    taken = await _take(tx, IncidentStep.REOPEN, ref, deed, **undone, **why)
    incident = await _done(tx, IncidentStep.REOPEN, taken, deed, None, reason)
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    people_told = [one for one in (incident.assignee, *await customers(tx, incident)) if one and one != by]
    await tell(tx, incident, FactKind.INCIDENT_REOPENED, deed, [*lanes, *map(person, people_told)])
    return incident


async def may(tx: AsyncSession, step: IncidentStep, ref: Ref, by: str, now: datetime) -> Incident:
    """The incident, if this person could take the step now; raises what taking it would."""
    incident = await shown_to(tx, ref, by)
    await _way(tx, step, incident, by, now)
    return incident


async def _way(tx: AsyncSession, step: IncidentStep, incident: Incident, by: str, now: datetime) -> Way:
    held = await standings(tx, incident, by)
    if not FLOW.ways(step, held):
        policy = (await in_force(tx)).policy
        raise NotAllowed(group=policy.group(working_group(incident, policy)).title, act=f"mark an incident {step}")
    way = check(incident.ref, step, IncidentState(incident.state), await people.name(tx, incident.moved_by), held)
    if step is IncidentStep.REOPEN and Standing.DESK not in held:
        await _require_in_window(tx, incident, now)
    return way


async def legal_for(tx: AsyncSession, incident: Incident, by: str) -> list[IncidentStep]:
    """What this person could do with it now, in the flow's order."""
    return legal(IncidentState(incident.state), await standings(tx, incident, by))


async def _require_in_window(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    window = (await in_force(tx)).policy.incidents.reopen_within
    if incident.moved_at is not None and now > incident.moved_at + window:
        raise ReopenTooLate(ref=ref_of(incident), window=spell(window))


async def _take_up(tx: AsyncSession, step: IncidentStep, ref: Ref, deed: Deed) -> Incident:
    taken = await _take(tx, step, ref, deed, **_seen_by(deed))
    incident = await _done(tx, step, taken, deed)
    if taken.from_state == IncidentState.NEW:  # the customers hear once that somebody is on it
        told = [person(one) for one in await customers(tx, incident) if one != deed.by]
        await tell(tx, incident, FLOW.facts[step], deed, told)
    return incident


def _seen_by(deed: Deed) -> dict[str, Any]:
    """Whoever works on it has seen it, and has it where no person had."""
    seen = {"acknowledged_at": deed.now, "acknowledged_by": deed.by, "assignee": deed.by}
    return {name: unless_set(name, value) for name, value in seen.items()}


async def _take(tx: AsyncSession, step: IncidentStep, ref: Ref, deed: Deed, **values: Any) -> Taken[Incident]:
    """The step; its reactions lock the incident's clocks and then its major incident, as everybody else does."""

    async def asked(incident: Incident) -> Way:
        return await _way(tx, step, incident, deed.by, deed.now)

    incident = await shown_to(tx, ref, deed.by)
    return await steps.step(tx, incident, asked, **values, **moved(deed))


def moved(deed: Deed) -> dict[str, Any]:
    """What every step writes."""
    return {"moved_at": deed.now, "moved_by": deed.by, "revision": Incident.revision + 1}


async def _done(
    tx: AsyncSession,
    step: IncidentStep,
    taken: Taken[Incident],
    deed: Deed,
    data: Mapping[str, Datum] | None = None,
    comment: str = "",
) -> Incident:
    """On record, with the state that it came from: the journal must replay to the state that it is in."""
    kept: dict[str, Datum] = {"from": taken.from_state, **(data or {})}
    await record(tx, taken.record, FLOW.facts[step], deed, kept, {"comment": comment})
    return taken.record


async def _tell_concerned(tx: AsyncSession, incident: Incident, kind: FactKind, deed: Deed) -> None:
    told = [one for one in await concerned(tx, incident) if one != deed.by]
    await tell(tx, incident, kind, deed, map(person, told))
