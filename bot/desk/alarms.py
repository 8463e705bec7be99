"""The sweep: alarms whose time has come are fired, put on record and sent on their way in one transaction."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks as desk_clocks
from bot.desk.policy import in_force
from bot.rules import sla_notices
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.refs import of_subject
from bot.rules.sla import BREACH
from storage import alarms, clocks, incidents, journal, outbox
from storage.tables import Alarm, Clock


async def ring_due(tx: AsyncSession, now: datetime, limit: int = 100) -> int:
    """Fires what is due and returns how many; call again until it returns 0."""
    due = await alarms.due(tx, now, limit)
    for alarm in due:
        if alarm.id is not None and await alarms.fire(tx, alarm.id, now):
            await _ring(tx, alarm, now)
    return len(due)


async def _ring(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    clock = next((one for one in await clocks.of(tx, alarm.subject) if one.kind == alarm.kind), None)
    if clock is None or clock.ended_at is not None:
        return
    threshold = int(alarm.occurrence)
    if threshold >= BREACH:
        if await desk_clocks.break_promise(tx, clock):
            await _tell(tx, clock, threshold, now)
        return
    data: dict[str, Datum] = {"clock": clock.kind, "threshold": threshold, "due_at": clock.due_at.isoformat()}
    await journal.record(tx, Fact(FactKind.SLA_WARNED, alarm.subject, SYSTEM, now, clock.policy_version, data))
    # After an outage both thresholds are due: the warning is on record, and only the breach is told.
    if now < clock.due_at:
        await _tell(tx, clock, threshold, now)


async def _tell(tx: AsyncSession, clock: Clock, threshold: int, now: datetime) -> None:
    incident = await incidents.get(tx, of_subject(clock.subject).number)
    if incident is None:
        return
    desk = await in_force(tx)
    where = desk.policy.channel_of(incident.service)
    await outbox.put_all(
        tx, sla_notices.promise_at_risk(clock.subject, clock.kind, threshold, where, incident.assignee), now
    )
    if threshold >= BREACH:
        await outbox.redraw(tx, clock.subject, now)
