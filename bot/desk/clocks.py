"""What happens to a record's clocks, together with their alarms; each is part of its caller's transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.policy import in_force
from bot.rules import sla
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.priority import Priority
from bot.rules.refs import Noun, Ref
from bot.rules.sla import ClockKind, ClockState, Promise, kept
from storage import alarms, clocks, journal
from storage.tables import Clock, Incident


async def open(tx: AsyncSession, incident: Incident, now: datetime) -> None:  # noqa: A001
    """Starts the response and the resolution clock of an incident that was just logged."""
    desk = await in_force(tx)
    targets = desk.policy.target(Priority(incident.priority))
    promised = sla.promises(targets.response, targets.resolution, now, desk.policy.warn_at)
    await _start(tx, str(Ref(Noun.INCIDENT, incident.number)), promised, desk.version)


async def pause(tx: AsyncSession, subject: str, reason: str, by: str, now: datetime) -> None:
    """The record waits for somebody else; `reason` is a pending reason's key."""


async def resume(tx: AsyncSession, subject: str, by: str, now: datetime) -> None:
    """The waiting is over."""


async def retarget(tx: AsyncSession, incident: Incident, by: str, now: datetime) -> None:
    """Priority or service were changed (and saved): other targets hold, what was spent stays spent."""


async def cancel(tx: AsyncSession, subject: str, by: str, now: datetime) -> None:
    """Nothing is promised any more: the record was cancelled, or merged into another."""
    for clock in await clocks.of(tx, subject):
        if clock.ended_at is None:
            await clocks.end(tx, subject, clock.kind, ClockState.CANCELLED, now)
            await alarms.cancel(tx, subject, clock.kind, now)


async def reopen(tx: AsyncSession, incident: Incident, by: str, now: datetime) -> None:
    """It was not fixed after all: the resolution clock runs on, or starts anew, as the policy says."""


async def _start(tx: AsyncSession, subject: str, promises: Iterable[Promise], version: int) -> None:
    for promise in promises:
        clock = Clock(
            subject=subject,
            kind=promise.kind,
            state=ClockState.RUNNING,
            started_at=promise.started_at,
            target_seconds=int(promise.target.total_seconds()),
            due_at=promise.due_at,
            policy_version=version,
        )
        await clocks.start(tx, clock)
        for threshold in promise.thresholds:
            await alarms.schedule(tx, subject, promise.kind, str(threshold), promise.rings_at(threshold))


async def stop(tx: AsyncSession, subject: str, kinds: Iterable[ClockKind], by: str, now: datetime) -> None:
    """The promises' work is done: each is met, or broken if that was too late, and rings no more."""
    wanted = set(kinds)
    for clock in await clocks.of(tx, subject):
        if clock.kind not in wanted or clock.ended_at is not None:
            continue
        in_time = kept(clock.due_at, now)
        if not in_time:
            await break_promise(tx, clock)
        await clocks.end(tx, subject, clock.kind, ClockState.MET if in_time else ClockState.BREACHED, now)
        await alarms.cancel(tx, subject, clock.kind, now)
        if in_time:
            data = {"clock": clock.kind, "due_at": clock.due_at.isoformat()}
            await journal.record(tx, Fact(FactKind.SLA_MET, subject, by, now, clock.policy_version, data))


async def break_promise(tx: AsyncSession, clock: Clock) -> bool:
    """Records the breach at the instant the deadline passed; False when it was recorded before."""
    if not await clocks.breach(tx, clock.subject, clock.kind, clock.due_at):
        return False
    data: dict[str, Datum] = {
        "clock": clock.kind,
        "due_at": clock.due_at.isoformat(),
        "target_seconds": clock.target_seconds,
    }
    await journal.record(
        tx, Fact(FactKind.SLA_BREACHED, clock.subject, SYSTEM, clock.due_at, clock.policy_version, data)
    )
    return True
