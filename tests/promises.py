"""What stories of promises share: a policy that changes, the record, a clock that is moved to an instant."""

from datetime import datetime

from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.usecases import policy as desk_policy
from storage.journal import journal
from storage.sla import clocks
from storage.tables import Clock

LONDON = """
[calendars.london]
zone = "Europe/London"
hours = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], \
fri = ["09:00-17:00"] }
"""
CALM = "[alarms]\n" + "".join(f"urgent-{one} = false\n" for one in ("report", "reminder", "breach", "escalation"))
"""Without what calls people to a P1, for stories of a ladder of their own."""


async def under(desk: Desk, text: str) -> None:
    """The policy changes."""
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by=SYSTEM, now=desk.clock.now())
    await desk.settles()


async def on_record(desk: Desk, kind: FactKind, subject: str = "INC-1") -> list[Fact]:
    async with desk.bot.database.read() as tx:
        return [fact for fact in await journal.timeline(tx, subject) if fact.kind is kind]


async def clock_of(desk: Desk, kind: str, subject: str = "INC-1") -> Clock:
    async with desk.bot.database.read() as tx:
        return next(one for one in await clocks.of(tx, subject) if one.name == kind)


def until(desk: Desk, at: datetime) -> None:
    desk.clock.forward(seconds=(at - desk.clock.now()).total_seconds())
