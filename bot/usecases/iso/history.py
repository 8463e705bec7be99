"""How all clauses stand is put on record once a week, so that nobody can say afterwards that it was otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso import trend
from bot.rules.iso.assessment import Assessment
from bot.rules.iso.trend import Stood, Trend
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.usecases.iso.standing import YEAR, standing
from bot.usecases.policy import in_force
from bot.usecases.records.long_timers import Long
from storage import timers
from storage.journal import journal
from storage.tables import Timer

SUBJECT, KIND = "clauses", "clauses"


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """The next Monday; of a desk that has none on record yet, tomorrow too."""
    due = [trend.next_at(now)]
    if not await known(tx):
        due.append(now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1))
    await timers.schedule_all(tx, SUBJECT, KIND, {f"{one:%Y-%m-%d}": one for one in due})


async def known(tx: AsyncSession) -> list[Stood]:
    """All that is on record, the oldest first."""
    facts = await journal.timeline(tx, SUBJECT)
    return [trend.read(one.at, _lines(one)) for one in facts if one.kind is FactKind.CLAUSES_ASSESSED]


async def compared(tx: AsyncSession, now: datetime, assessed: Sequence[Assessment]) -> Trend | None:
    """With the last of the quarter before; None where nothing is on record yet."""
    before = trend.to_compare_with(await known(tx), now)
    return trend.compared(assessed, before) if before else None


async def _read(tx: AsyncSession, _occurrence: str, now: datetime) -> list[str]:
    return trend.written((await standing(tx, now)).assessed)


async def _ring(tx: AsyncSession, _timer: Timer, now: datetime, found: list[str]) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.CLAUSES_ASSESSED, SUBJECT, SYSTEM, now, version, {"axes": found}))
    due = trend.next_at(now)
    await timers.schedule(tx, SUBJECT, KIND, f"{due:%Y-%m-%d}", due)


def _lines(fact: Fact) -> list[str]:
    found = fact.data.get("axes")
    return found if isinstance(found, list) else []


LONG: Mapping[str, Long] = {KIND: Long(_read, _ring, YEAR, by_samples=True)}
