"""Which breaches a proposed policy would bring and which it would take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Datum, Fact
from bot.rules.sla.clock_history import Reading, derive
from bot.rules.sla.clocks import ClockKind, Owner, clock_name
from bot.rules.sla.olas import courses
from bot.rules.sla.replay import CADENCE, replayed
from bot.usecases.policy import at_version
from bot.usecases.sla import clock_history, olas
from storage.journal import journal
from storage.sla import clocks
from storage.tables import Clock

BATCH = 500


@dataclass(frozen=True)
class Verdict:
    subject: str
    name: str
    """The clock's: “response”, “resolution:group:network”."""
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
    """Runs what was promised since then as the facts have it, and what groups and suppliers would have owed."""
    verdicts: list[Verdict] = []
    after = 0
    while batch := await clocks.started_since(tx, since, after, BATCH):
        verdicts += [await _verdict(tx, clock, policy, now) for clock in batch if clock.owner == Owner.DESK]
        after = batch[-1].id or 0
    last = ""
    while subjects := await clocks.moved_since(tx, since, last, BATCH):
        for subject in subjects:
            verdicts += await _owed(tx, subject, policy, since, now)
        last = subjects[-1]
    return Replay(
        clocks=len(verdicts),
        come=[one for one in verdicts if one.would_be and not one.was],
        go=[one for one in verdicts if one.was and not one.would_be],
        stay=sum(1 for one in verdicts if one.was and one.would_be),
    )


async def _verdict(tx: AsyncSession, clock: Clock, policy: Policy, now: datetime) -> Verdict:
    moved = [fact for fact in await clock_history.facts(tx, clock) if fact.kind in clock_history.STEPS]
    events = [(await clock_history.event(tx, fact), {**fact.data, **await _cadence(tx, clock, fact)}) for fact in moved]
    was: Reading = derive([event for event, _ in events])
    would_be = replayed(events, ClockKind(clock.kind), policy)
    return Verdict(clock.subject, clock.name, clock.cycle, was.breach(now), would_be.breach(now))


async def _cadence(tx: AsyncSession, clock: Clock, fact: Fact) -> Mapping[str, Datum]:
    """What the policy of its time asked of an update."""
    if clock.kind != ClockKind.UPDATE or "priority" not in fact.data:
        return {}
    policy, priority = await at_version(tx, fact.policy_version), Priority(str(fact.data["priority"]))
    return {CADENCE: policy.cadence(str(fact.data["service"]), priority).total_seconds()}


async def _owed(tx: AsyncSession, subject: str, policy: Policy, since: datetime, now: datetime) -> list[Verdict]:
    """Of groups and suppliers all is run from the incident's own facts: a policy may name ones that owed nothing."""
    was: dict[tuple[str, int], datetime | None] = {
        (clock.name, clock.cycle): (await clock_history.of(tx, clock)).breach(now)
        for clock in await clocks.every(tx, subject)
        if clock.owner != Owner.DESK and clock.started_at >= since
    }
    told = await olas.history(tx, await journal.timeline(tx, subject), policy)
    would_be = {
        (clock_name(kind, str(party)), cycle): reading.breach(now)
        for (kind, party, cycle), reading in courses(told, policy).items()
        if reading.started_at >= since
    }
    return [
        Verdict(subject, name, cycle, was.get((name, cycle)), would_be.get((name, cycle)))
        for name, cycle in dict.fromkeys([*was, *would_be])
    ]
