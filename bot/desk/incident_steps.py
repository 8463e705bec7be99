"""The steps of the incident's flow; each function is one transaction's work.

Each raises NoSuchRecord, NotAllowed, AlreadyDone, NotAStep, Stale; and FormRefused for what is typed with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks, incident_closing, major_incidents, people
from bot.desk.incident_eyes import card_lanes, concerned, ref_of, shown_to, standings, working_group
from bot.desk.incident_record import Deed, record, required, tell
from bot.desk.policy import in_force
from bot.rules import incident_notices
from bot.rules.facts import Datum, FactKind
from bot.rules.incident_flow import DONE, FACT, FLOW, IncidentState, IncidentStep, PendingOn, Standing, check, legal
from bot.rules.incident_refusals import ReopenTooLate
from bot.rules.notices import person
from bot.rules.policy import duration_text
from bot.rules.refs import Ref
from bot.rules.refusals import NotAllowed, Stale
from bot.rules.sla import ClockKind
from storage import alarms, incidents, outbox
from storage.incidents import unless_set
from storage.tables import Incident

TRIES = 3
"""How often a step is tried again that another legal step overtook."""


@dataclass(frozen=True)
class Taken:
    incident: Incident
    frm: str
    """The state that it came from."""


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
    await clocks.pause(tx, str(ref), on, by, now)
    incident = await _done(tx, IncidentStep.PEND, taken, deed, {"on": on}, reason)
    if on is PendingOn.CUSTOMER:
        await tell(tx, incident, FactKind.INCIDENT_PENDED, deed, [person(incident.reporter)])
    return incident


async def resume(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    deed = Deed(by, now)
    taken = await _take(tx, IncidentStep.RESUME, ref, deed, pending_on=None, pending_note=None)
    await clocks.resume(tx, str(ref), by, now)
    return await _done(tx, IncidentStep.RESUME, taken, deed)


async def resolve(tx: AsyncSession, ref: Ref, code: str, note: str, *, by: str, now: datetime) -> Incident:
    """The fix is in and said how; the reporter is asked to confirm. An unknown code is the policy's first."""
    note, deed = required("resolution", "The resolution note", note), Deed(by, now)
    codes = (await in_force(tx)).policy.incidents.codes
    code = next((known for known in codes if known.casefold() == code.casefold()), codes[0])
    fixed: dict[str, Any] = {"resolved_at": now, "resolved_by": by, "resolution": note, "resolution_code": code}
    fixed["assignee"] = unless_set("assignee", by)
    taken = await _take(tx, IncidentStep.RESOLVE, ref, deed, **fixed, pending_on=None, pending_note=None)
    await clocks.stop(tx, str(ref), list(ClockKind), by, now)
    incident = await _done(tx, IncidentStep.RESOLVE, taken, deed, {"code": code}, note)
    await incident_closing.schedule(tx, incident, now)
    told = incident_notices.incident_resolved(
        str(ref), incident.revision, incident.reporter, by, await concerned(tx, incident)
    )
    await outbox.put_all(tx, told, now)
    return incident


async def close(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Incident:
    """The fix holds: the reporter says so, or the desk, or nobody for long enough (`by` is then SYSTEM)."""
    deed = Deed(by, now)
    taken = await _take(tx, IncidentStep.CLOSE, ref, deed)
    incident = await _done(tx, IncidentStep.CLOSE, taken, deed)
    await outbox.put_all(tx, incident_notices.rating_asked(str(ref), incident.reporter), now)
    return incident


async def cancel(tx: AsyncSession, ref: Ref, reason: str, *, by: str, now: datetime) -> Incident:
    """It needs no fixing; those whom it concerns hear why."""
    reason, deed = required("comment", "The reason", reason), Deed(by, now)
    taken = await _take(tx, IncidentStep.CANCEL, ref, deed, pending_on=None, pending_note=None)
    await clocks.cancel(tx, str(ref), by, now)
    incident = await _done(tx, IncidentStep.CANCEL, taken, deed, None, reason)
    await _tell_concerned(tx, incident, FactKind.INCIDENT_CANCELLED, deed)
    return incident


async def reopen(tx: AsyncSession, ref: Ref, reason: str, *, by: str, now: datetime) -> Incident:
    """It was not fixed after all. Raises ReopenTooLate for a reporter past the policy's window."""
    reason, deed = required("comment", "The reason", reason), Deed(by, now)
    undone = dict.fromkeys(("resolved_at", "resolved_by", "resolution", "resolution_code", "duplicate_of"))
    taken = await _take(tx, IncidentStep.REOPEN, ref, deed, **undone)
    incident = await _done(tx, IncidentStep.REOPEN, taken, deed, None, reason)
    await clocks.reopen(tx, incident, by, now)
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    people_told = [one for one in (incident.assignee, incident.reporter) if one and one != by]
    await tell(tx, incident, FactKind.INCIDENT_REOPENED, deed, [*lanes, *map(person, people_told)])
    return incident


async def may(tx: AsyncSession, step: IncidentStep, ref: Ref, by: str, now: datetime) -> Incident:
    """The incident, if this person could take the step now; raises what taking it would."""
    incident = await shown_to(tx, ref, by)
    held = await standings(tx, incident, by)
    if not FLOW[step].open_to(held):
        policy = (await in_force(tx)).policy
        raise NotAllowed(group=policy.group(working_group(incident, policy)).title, act=f"mark an incident {step}")
    check(ref, step, IncidentState(incident.state), await people.name(tx, incident.moved_by), held)
    if step is IncidentStep.REOPEN and Standing.DESK not in held:
        await _require_in_window(tx, incident, now)
    return incident


async def legal_for(tx: AsyncSession, incident: Incident, by: str) -> list[IncidentStep]:
    """What this person could do with it now, in the flow's order."""
    return legal(IncidentState(incident.state), await standings(tx, incident, by))


async def _require_in_window(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    window = (await in_force(tx)).policy.incidents.reopen_within
    if incident.moved_at is not None and now > incident.moved_at + window:
        raise ReopenTooLate(ref=ref_of(incident), window=duration_text(window))


async def _take_up(tx: AsyncSession, step: IncidentStep, ref: Ref, deed: Deed) -> Incident:
    seen = {"acknowledged_at": deed.now, "acknowledged_by": deed.by, "assignee": deed.by}
    taken = await _take(tx, step, ref, deed, **{name: unless_set(name, value) for name, value in seen.items()})
    await clocks.stop(tx, str(ref), [ClockKind.RESPONSE], deed.by, deed.now)
    return await _done(tx, step, taken, deed)


async def _take(tx: AsyncSession, step: IncidentStep, ref: Ref, deed: Deed, **values: object) -> Taken:
    """The step as one conditional UPDATE; what lost the race is asked again, so that it hears who came first."""
    for _ in range(TRIES):
        incident = await may(tx, step, ref, deed.by, deed.now)
        frm = incident.state
        moved = {**values, "state": FLOW[step].to, "moved_at": deed.now, "moved_by": deed.by}
        taken = await incidents.step(tx, ref.number, frm=[frm], revision=None, **moved)
        await tx.refresh(incident)
        if taken:
            return Taken(incident, frm)
    raise Stale(ref=ref)


async def _done(
    tx: AsyncSession,
    step: IncidentStep,
    taken: Taken,
    deed: Deed,
    data: Mapping[str, Datum] | None = None,
    comment: str = "",
) -> Incident:
    """On record, with the state that it came from: the journal must replay to the state that it is in."""
    kept: dict[str, Datum] = {"from": taken.frm, **(data or {})}
    await record(tx, taken.incident, FACT[step], deed, kept, {"comment": comment})
    if taken.incident.state in DONE:
        await major_incidents.end(tx, ref_of(taken.incident), by=deed.by, now=deed.now)
    if step in (IncidentStep.CLOSE, IncidentStep.CANCEL, IncidentStep.REOPEN):
        await alarms.cancel(tx, str(ref_of(taken.incident)), None, deed.now)
    return taken.incident


async def _tell_concerned(tx: AsyncSession, incident: Incident, kind: FactKind, deed: Deed) -> None:
    told = [one for one in await concerned(tx, incident) if one != deed.by]
    await tell(tx, incident, kind, deed, map(person, told))
