"""What happens to a record's clocks, together with their timers; each is part of its caller's transaction.

Every step is a fact; the row of the clock is what all its facts come to, derived anew at each of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.sla.clock_history import Event, Reading, Step, derive
from bot.rules.sla.clocks import DESK, PROMISED, ClockKind, ClockState, Owner, Party
from bot.rules.sla.targets import Goal
from bot.usecases.policy import InForce, in_force
from bot.usecases.sla import clock_history, clock_timers
from storage import timers
from storage.journal import journal
from storage.sla import clocks
from storage.tables import Clock, Incident


async def open(  # noqa: A001
    tx: AsyncSession,
    incident: Incident,
    at: datetime,
    kinds: Iterable[ClockKind] = PROMISED,
    *,
    now: datetime | None = None,
) -> None:
    """Starts the response and the resolution clock of an incident that was logged; `now`, where that was before."""
    desk = await in_force(tx)
    goals = [(kind, desk.policy.goal(incident.service, Priority(incident.priority), kind)) for kind in kinds]
    begun = [(_begun(desk, incident, kind, 1, goal, at), goal) for kind, goal in goals]
    await _start(tx, desk, begun, incident.reporter, at, now)


async def stop(tx: AsyncSession, subject: str, kinds: Iterable[ClockKind], by: str, now: datetime) -> None:
    """The promises' work is done: each is met, or was broken if that was too late, and rings no more."""
    for clock in await _running(tx, subject, kinds):
        await finish(tx, clock, by, now)


async def finish(tx: AsyncSession, clock: Clock, by: str, now: datetime) -> None:
    """One clock's work is done, in time or too late."""
    late = (await clock_history.of(tx, clock)).breach(now) is not None
    done = FactKind.SLA_MISSED if late else FactKind.SLA_MET
    await happen(tx, clock, done, by, now, {"due_at": clock.due_at.isoformat()})


async def pause(tx: AsyncSession, subject: str, reason: str, by: str, now: datetime) -> None:
    """The record waits for somebody else. Clocks stand still if the policy names the reason."""
    if reason not in (await in_force(tx)).policy.sla.pauses_on:
        return
    for clock in await _running(tx, subject):
        if clock.paused_at is None:
            await happen(tx, clock, FactKind.SLA_PAUSED, by, now, {"reason": reason})


async def resume(tx: AsyncSession, subject: str, by: str, now: datetime) -> None:
    """The waiting is over; does nothing to clocks that ran on."""
    for clock in await _running(tx, subject):
        if clock.paused_at is not None:
            await happen(tx, clock, FactKind.SLA_RESUMED, by, now)


async def retarget(tx: AsyncSession, incident: Incident, by: str, now: datetime) -> None:
    """Priority or service were changed (and saved): other targets hold, what was spent stays spent."""
    desk = await in_force(tx)
    for clock in await _running(tx, subject_of(incident)):
        await aim(tx, desk, clock, incident.service, incident.priority, by, now)


async def cancel(tx: AsyncSession, subject: str, by: str, now: datetime) -> None:
    """Nothing is promised any more: the record was cancelled, or merged into another."""
    await dismiss(tx, subject, ClockKind, by, now)


async def dismiss(tx: AsyncSession, subject: str, kinds: Iterable[ClockKind], by: str, now: datetime) -> None:
    """These are promised no more: what they were about was done elsewhere."""
    for clock in await _running(tx, subject, kinds):
        await happen(tx, clock, FactKind.SLA_CANCELLED, by, now)


async def reopen(tx: AsyncSession, incident: Incident, by: str, now: datetime) -> None:
    """It was not fixed after all: the resolution clock runs on, or starts anew, as the policy says."""
    policy = (await in_force(tx)).policy
    for clock in await clocks.held(tx, subject_of(incident)):
        if clock.ended_at is None or not _starts_again(clock):
            continue
        if policy.sla.reopen == "resume":
            await happen(tx, clock, FactKind.SLA_REOPENED, by, now)
        else:
            await _promise(tx, incident, ClockKind(clock.kind), clock.cycle + 1, by, now)


async def follow_policy(tx: AsyncSession, limit: int, now: datetime) -> list[Clock]:
    """Clocks under an older policy follow the one in force, from its first moment on; those that were behind."""
    desk = await in_force(tx)
    behind = await clocks.behind(tx, desk.version, limit)
    for clock in behind:
        at = min(max(desk.since, clock.started_at), now)
        await aim(tx, desk, clock, clock.service, clock.priority, SYSTEM, at, now)
    return behind


async def overdue(tx: AsyncSession, subject: str, kinds: Iterable[ClockKind], now: datetime) -> None:
    """Puts on record what is broken by now, where timers other than the ladder's ring."""
    for clock in await _running(tx, subject, kinds):
        await break_promise(tx, clock, await clock_history.of(tx, clock), now)


async def break_promise(tx: AsyncSession, clock: Clock, reading: Reading, now: datetime) -> None:
    """Records the breach, once, at the instant the target was spent and time went on."""
    broken_at = reading.breach(now)
    if broken_at is None or clock.breached_at is not None:
        return
    clock.breached_at, clock.state = broken_at, ClockState.BREACHED
    data = _data(clock) | {"due_at": broken_at.isoformat(), "target_seconds": clock.target_seconds}
    await journal.record(tx, Fact(FactKind.SLA_BREACHED, clock.subject, SYSTEM, broken_at, clock.policy_version, data))
    await clocks.save(tx, clock)


async def _promise(
    tx: AsyncSession,
    incident: Incident,
    kind: ClockKind,
    cycle: int,
    by: str,
    at: datetime,
    now: datetime | None = None,
) -> None:
    promised = (await in_force(tx)).policy.goal(incident.service, Priority(incident.priority), kind)
    await begin(tx, incident, kind, cycle, promised, by, at, now=now)


async def begin(
    tx: AsyncSession,
    incident: Incident,
    kind: ClockKind,
    cycle: int,
    promised: Goal,
    by: str,
    at: datetime,
    owner: Party = DESK,
    now: datetime | None = None,
) -> Clock:
    """A clock starts; of each kind and owner every cycle is a clock of its own. `now`, where it started before."""
    desk = await in_force(tx)
    clock = _begun(desk, incident, kind, cycle, promised, at, owner)
    await _start(tx, desk, [(clock, promised)], by, at, now)
    return clock


def _begun(
    desk: InForce, incident: Incident, kind: ClockKind, cycle: int, promised: Goal, at: datetime, owner: Party = DESK
) -> Clock:
    return Clock(
        subject=subject_of(incident),
        kind=kind,
        owner=str(owner),
        cycle=cycle,
        service=incident.service,
        priority=incident.priority,
        calendar=promised.calendar,
        started_at=at,
        target_seconds=int(promised.length.total_seconds()),
        due_at=at,
        policy_version=desk.version,
    )


async def _start(
    tx: AsyncSession,
    desk: InForce,
    begun: Sequence[tuple[Clock, Goal]],
    by: str,
    at: datetime,
    now: datetime | None,
) -> None:
    """On record, and with their rows and timers: all of them together."""
    told = [(clock.subject, _data(clock) | _promised(clock, goal.length)) for clock, goal in begun]
    facts = [Fact(FactKind.SLA_STARTED, subject, by, at, desk.version, data) for subject, data in told]
    await journal.record_all(tx, facts)
    readings = []
    for clock, goal in begun:
        hours = desk.policy.calendars[goal.calendar].calendar
        readings.append((clock, derive([Event(Step.STARTED, at, goal.length, hours)])))
    await _settle_all(tx, readings, now or at)


async def aim(
    tx: AsyncSession,
    desk: InForce,
    clock: Clock,
    service: str,
    priority: str,
    by: str,
    at: datetime,
    now: datetime | None = None,
) -> None:
    """Has a clock follow the targets of the policy in force from `at` on; only what changes it is a fact."""
    promised = await _goal(tx, desk.policy, clock, service, Priority(priority))
    if promised is None:
        await happen(tx, clock, FactKind.SLA_CANCELLED, by, at, now=now)
        return
    before = (clock.target_seconds, await clock_history.calendar(tx, clock.calendar, clock.policy_version))
    after = (int(promised.length.total_seconds()), desk.policy.calendars[promised.calendar].calendar)
    clock.service, clock.priority, clock.policy_version = service, priority, desk.version
    clock.target_seconds, clock.calendar = after[0], promised.calendar
    if before != after:
        await happen(tx, clock, FactKind.SLA_RETARGETED, by, at, _promised(clock, promised.length), now)
    else:
        await _settle(tx, clock, await clock_history.of(tx, clock), now or at)


async def _goal(tx: AsyncSession, policy: Policy, clock: Clock, service: str, priority: Priority) -> Goal | None:
    """What a clock's owner owes under a policy; None for a group or a supplier that owes nothing more."""
    kind, party = ClockKind(clock.kind), Party.parse(clock.owner)
    if kind is ClockKind.UPDATE:
        # By when people hear more was said to them: no policy moves that.
        return Goal((await clock_history.of(tx, clock)).target, clock.calendar)
    return policy.goal(service, priority, kind) if party == DESK else policy.owed(party, priority, kind)


async def happen(
    tx: AsyncSession,
    clock: Clock,
    kind: FactKind,
    by: str,
    at: datetime,
    data: Mapping[str, Datum] | None = None,
    now: datetime | None = None,
) -> None:
    told = _data(clock) | dict(data or {})
    await journal.record(tx, Fact(kind, clock.subject, by, at, clock.policy_version, told))
    await _settle(tx, clock, await clock_history.of(tx, clock), now or at)


async def _settle(tx: AsyncSession, clock: Clock, reading: Reading, now: datetime) -> None:
    await _settle_all(tx, [(clock, reading)], now)


async def _settle_all(tx: AsyncSession, readings: Sequence[tuple[Clock, Reading]], now: datetime) -> None:
    """The rows, and the timers, as the facts now have them."""
    known = {id(clock) for clock, _ in readings if clock.id is not None}
    for clock, reading in readings:
        as_read(clock, reading, now)
    await clocks.save(tx, *(clock for clock, _ in readings))
    for clock, reading in readings:
        over = reading.ended_at is not None
        await break_promise(tx, clock, reading, now)
        if id(clock) in known:
            await timers.cancel(tx, clock.subject, clock.name, now, put_off=over)
        if not over and clock.kind in PROMISED:
            await clock_timers.set_all(tx, clock, reading, now)


def as_read(clock: Clock, reading: Reading, now: datetime) -> None:
    """Its row as its facts have it."""
    hold, over = reading.paused, reading.ended_at is not None
    clock.due_at = reading.due_at or clock.due_at
    clock.state = reading.state(now)
    clock.ended_at = reading.ended_at
    clock.paused_at, clock.pause_reason = (hold.since, hold.reason) if hold and not over else (None, None)
    clock.left_seconds = int(reading.left(now).total_seconds()) if clock.paused_at else None


async def _running(tx: AsyncSession, subject: str, kinds: Iterable[ClockKind] = PROMISED) -> list[Clock]:
    """What the desk has promised; what others owe goes by whose turn it is (underpinning.py)."""
    wanted: Collection[str] = set(kinds)
    held = await clocks.held(tx, subject)
    return [one for one in held if one.owner == Owner.DESK and one.kind in wanted and one.ended_at is None]


def _starts_again(clock: Clock) -> bool:
    """What was answered stays answered; what was cancelled before anyone answered is owed still."""
    if clock.owner != Owner.DESK or clock.kind not in PROMISED:
        return False
    return clock.kind == ClockKind.RESOLUTION or clock.state == ClockState.CANCELLED


def subject_of(incident: Incident) -> str:
    return str(Ref(Noun.INCIDENT, incident.number))


def _promised(clock: Clock, length: timedelta) -> dict[str, Datum]:
    seconds = length.total_seconds()
    return {
        "target_seconds": int(seconds) if seconds.is_integer() else seconds,
        "calendar": clock.calendar,
        "service": clock.service,
        "priority": clock.priority,
    }


def _data(clock: Clock) -> dict[str, Datum]:
    return {"clock": clock.name, "cycle": clock.cycle}
