"""Why something is due when it is: a promise with every interval that it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.sla.clock_history import Event, Piece, Reading, Step, derive
from bot.rules.time.policy import ALWAYS
from bot.usecases.policy import at_version
from bot.usecases.sla import clocks
from storage.tables import Clock


@dataclass(frozen=True)
class Rule:
    """What held from an instant on."""

    since: datetime
    target: timedelta
    calendar: str
    policy_version: int


@dataclass(frozen=True)
class Why:
    """A deadline and everything that it is made of."""

    clock: Clock
    reading: Reading
    rules: Sequence[Rule]
    pieces: Sequence[Piece]
    """From the start to the deadline; to the end, once it is done; to now, while it is paused."""
    excuse: str = ""
    """What the manager who excused the breach said."""


def pieces(reading: Reading, now: datetime) -> list[Piece]:
    return reading.pieces(reading.ended_at or reading.due_at or now)


async def explained(
    tx: AsyncSession, subject: str, kind: str, cycle: int, rules: Sequence[Rule], events: Sequence[Event], now: datetime
) -> Why:
    """A promise of a record without rows of clocks, from its own facts: the first rule begins it."""
    first, *later = rules
    started, *ruled = [
        await _ruled(tx, Step.STARTED, first),
        *[await _ruled(tx, Step.RETARGETED, one) for one in later],
    ]
    # Other hours hold from an instant on before what happens at that instant.
    reading = derive([started, *sorted([*ruled, *events], key=lambda one: one.at)])
    clock = Clock(
        subject=subject, kind=kind, cycle=cycle, calendar=first.calendar, started_at=first.since, due_at=first.since,
        target_seconds=int(first.target.total_seconds()), policy_version=first.policy_version,
        breached_at=reading.breach(now),
    )  # fmt: skip
    clocks.as_read(clock, reading, now)
    return Why(clock, reading, rules, pieces(reading, now))


async def _ruled(tx: AsyncSession, step: Step, rule: Rule) -> Event:
    """Of a calendar that the policy had no more, every hour counts."""
    known = (await at_version(tx, rule.policy_version)).calendars
    key = rule.calendar if rule.calendar in known else ALWAYS
    return Event(step, rule.since, rule.target, known[key].calendar)
