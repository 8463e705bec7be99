"""Which breaches a proposed policy would bring and which it would take away."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import readings
from bot.rules.policy import Policy
from bot.rules.sla import ClockKind
from bot.rules.sla_reading import Reading, derive
from bot.rules.sla_replay import replayed
from storage import clocks
from storage.tables import Clock

BATCH = 500


@dataclass(frozen=True)
class Verdict:
    subject: str
    kind: str
    cycle: int
    was: datetime | None
    """When it was broken, if it was."""
    would_be: datetime | None


@dataclass(frozen=True)
class Replay:
    clocks: int
    """How many were run."""
    come: list[Verdict]
    go: list[Verdict]
    stay: int


async def replay(tx: AsyncSession, policy: Policy, since: datetime, now: datetime) -> Replay:
    """Runs every clock that was started since then, as the facts have it."""
    verdicts: list[Verdict] = []
    after = 0
    while batch := await clocks.started_since(tx, since, after, BATCH):
        verdicts += [await _verdict(tx, clock, policy, now) for clock in batch]
        after = batch[-1].id or 0
    return Replay(
        clocks=len(verdicts),
        come=[one for one in verdicts if one.would_be and not one.was],
        go=[one for one in verdicts if one.was and not one.would_be],
        stay=sum(1 for one in verdicts if one.was and one.would_be),
    )


async def _verdict(tx: AsyncSession, clock: Clock, policy: Policy, now: datetime) -> Verdict:
    moved = [fact for fact in await readings.facts(tx, clock) if fact.kind in readings.STEPS]
    events = sorted([(await readings.event(tx, fact), fact.data) for fact in moved], key=lambda one: one[0].at)
    was: Reading = derive([event for event, _ in events])
    would_be = replayed(events, ClockKind(clock.kind), policy)
    return Verdict(clock.subject, clock.kind, clock.cycle, was.breach(now), would_be.breach(now))
