"""The timers on the way of a clock: which there are, and when each is to ring."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.sla.clock_history import Reading
from bot.rules.sla.clocks import BREACH, ClockKind, Party
from bot.rules.sla.escalation import Escalation, Level, goal
from bot.rules.time.open_time import MICROSECOND
from bot.usecases.policy import in_force
from storage import timers
from storage.tables import Clock


async def ladder(tx: AsyncSession, clock: Clock) -> Escalation:
    policy, owner = (await in_force(tx)).policy, Party.parse(clock.owner).owner
    return Escalation.of(policy.alarms, policy.warn_at, ClockKind(clock.kind), Priority(clock.priority), owner)


async def set_all(tx: AsyncSession, clock: Clock, reading: Reading, now: datetime) -> None:
    """Those that lie ahead, and those that were passed and are told again."""
    rungs, spent = await ladder(tx, clock), reading.spent(now)
    wanted: list[tuple[Level, timedelta]] = []
    for threshold in rungs.thresholds:
        level = Level(clock.cycle, threshold)
        wanted.append((level, goal(reading.target, threshold)))
        again = rungs.next_repeat(level, reading.target, spent) if goal(reading.target, threshold) <= spent else None
        if again is not None:
            wanted.append(again)
    await _set(tx, clock, reading, wanted)


async def set_timer(tx: AsyncSession, clock: Clock, reading: Reading, level: Level, spent: timedelta) -> None:
    """Rings when this much is spent. Not while a pause stands before it: whoever resumes sets it again."""
    await _set(tx, clock, reading, [(level, spent)])


async def _set(tx: AsyncSession, clock: Clock, reading: Reading, wanted: Iterable[tuple[Level, timedelta]]) -> None:
    times = {str(level): _rings(reading.reach(spent), level) for level, spent in wanted}
    ahead = {occurrence: at for occurrence, at in times.items() if at is not None}
    await timers.schedule_all(tx, clock.subject, clock.name, ahead)


def _rings(at: datetime | None, level: Level) -> datetime | None:
    # The deadline itself is still kept, so the breach rings the moment after it.
    late = MICROSECOND if level.threshold == BREACH and not level.repeat else timedelta(0)
    return None if at is None else at + late
