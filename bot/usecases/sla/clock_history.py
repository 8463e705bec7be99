"""A record's clocks, derived from the journal (law 5)."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.sla.clock_history import Event, Reading, Step, derive
from bot.rules.time.business_hours import Calendar
from bot.usecases.policy import at_version
from storage.journal import journal
from storage.tables import Clock

STEPS: Mapping[FactKind, Step] = MappingProxyType(
    {
        FactKind.SLA_STARTED: Step.STARTED,
        FactKind.SLA_PAUSED: Step.PAUSED,
        FactKind.SLA_RESUMED: Step.RESUMED,
        FactKind.SLA_RETARGETED: Step.RETARGETED,
        FactKind.SLA_MET: Step.DONE,
        FactKind.SLA_MISSED: Step.DONE,
        FactKind.SLA_CANCELLED: Step.CANCELLED,
        FactKind.SLA_REOPENED: Step.REOPENED,
    }
)
"""The facts that move a clock. What else is on record about it (breaches, warnings) follows from these."""


async def of(tx: AsyncSession, clock: Clock) -> Reading:
    return derive(await events(tx, clock))


async def events(tx: AsyncSession, clock: Clock) -> list[Event]:
    """What happened to a clock, in the order in which it was recorded."""
    return [await event(tx, fact) for fact in await facts(tx, clock) if fact.kind in STEPS]


async def facts(tx: AsyncSession, clock: Clock) -> list[Fact]:
    """Everything on record about one clock, as it was recorded."""
    mine = (clock.name, clock.cycle)
    told = await journal.timeline(tx, clock.subject)
    return [fact for fact in told if (fact.data.get("clock"), fact.data.get("cycle")) == mine]


async def event(tx: AsyncSession, fact: Fact) -> Event:
    step, data = STEPS[fact.kind], fact.data
    if step not in (Step.STARTED, Step.RETARGETED):
        return Event(step, fact.at, reason=str(data.get("reason") or ""))
    target = timedelta(seconds=float(str(data["target_seconds"])))
    return Event(step, fact.at, target, await calendar(tx, str(data["calendar"]), fact.policy_version))


async def calendar(tx: AsyncSession, key: str, version: int) -> Calendar:
    """As a version of the policy has it."""
    return (await at_version(tx, version)).calendars[key].calendar
