"""What alerts do to an incident: they resolve and reopen it as the desk's own doing, and stand on its timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices
from bot.rules.incident.flow import FLOW, IncidentState, IncidentStep, Standing, check
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import person
from bot.usecases.incident import auto_close, on_call
from bot.usecases.incident.record import Deed, record, tell
from bot.usecases.incident.steps import Way, moved
from bot.usecases.incident.visibility import card_lanes, concerned
from bot.usecases.policy import in_force
from bot.usecases.records import steps
from bot.usecases.records.steps import Taken
from storage.delivery import outbox
from storage.tables import Incident


async def taken(tx: AsyncSession, incident: Incident) -> bool:
    """Whether a person has it, took a step with it, or had it opened; who has the turn has said nothing yet."""
    if incident.reporter != SYSTEM or incident.moved_by not in (None, SYSTEM):
        return True
    return incident.assignee is not None and await on_call.given_by(tx, incident) is None


async def resolve(tx: AsyncSession, incident: Incident, note: str, now: datetime) -> Incident:
    """All is well at the source. Raises NotAStep, AlreadyDone, Stale."""
    deed, code = Deed(SYSTEM, now), (await in_force(tx)).policy.incidents.codes[0]
    fixed = {"resolved_at": now, "resolved_by": SYSTEM, "resolution": note, "resolution_code": code}
    cleared = dict.fromkeys(("reopened_by", "reopened_note", "pending_on", "pending_note"))
    done = await _step(tx, IncidentStep.RESOLVE, incident, deed, {**fixed, **cleared})
    await _record(tx, IncidentStep.RESOLVE, done, deed, note, {"code": code})
    await auto_close.schedule(tx, incident, now)
    told = notices.incident_resolved(
        str(incident.ref), incident.revision, SYSTEM, SYSTEM, await concerned(tx, incident)
    )
    await _tell_all(tx, incident, FactKind.INCIDENT_RESOLVED, deed)
    await outbox.put_all(tx, told, now)
    return incident


async def reopen(tx: AsyncSession, incident: Incident, reason: str, now: datetime) -> Incident:
    """It is back at the source. Raises NotAStep, Stale."""
    deed = Deed(SYSTEM, now)
    undone = dict.fromkeys(("resolved_at", "resolved_by", "resolution", "resolution_code", "duplicate_of"))
    why = {"reopened_by": SYSTEM, "reopened_note": reason}
    done = await _step(tx, IncidentStep.REOPEN, incident, deed, {**undone, **why})
    await _record(tx, IncidentStep.REOPEN, done, deed, reason)
    await _tell_all(tx, incident, FactKind.INCIDENT_REOPENED, deed)
    return incident


async def heard(
    tx: AsyncSession, incident: Incident, kind: FactKind, words: str, data: Mapping[str, Datum], now: datetime
) -> None:
    """A line of its timeline; its card is drawn again."""
    await record(tx, incident, kind, Deed(SYSTEM, now), data, {"comment": words})


async def propose(tx: AsyncSession, incident: Incident, words: str, data: Mapping[str, Datum], now: datetime) -> None:
    """Who has it decides: the channel and the assignee hear that all its alerts are over."""
    await heard(tx, incident, FactKind.ALERTS_OVER, words, data, now)
    await _tell_all(tx, incident, FactKind.ALERTS_OVER, Deed(SYSTEM, now))


async def _step(
    tx: AsyncSession, step: IncidentStep, incident: Incident, deed: Deed, values: Mapping[str, Any]
) -> Taken[Incident]:
    async def asked(one: Incident) -> Way:
        return check(one.ref, step, IncidentState(one.state), standings=(Standing.ALERTS,))

    return await steps.step(tx, incident, asked, **values, **moved(deed))


async def _record(
    tx: AsyncSession,
    step: IncidentStep,
    done: Taken[Incident],
    deed: Deed,
    words: str,
    data: Mapping[str, Datum] | None = None,
) -> None:
    kept: dict[str, Datum] = {"from": done.from_state, **(data or {})}
    await record(tx, done.record, FLOW.facts[step], deed, kept, {"comment": words})


async def _tell_all(tx: AsyncSession, incident: Incident, kind: FactKind, deed: Deed) -> None:
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    assignee = [person(incident.assignee)] if incident.assignee else []
    await tell(tx, incident, kind, deed, [*lanes, *assignee])
