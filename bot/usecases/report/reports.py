"""What `/report` shows: all figures of a period beside those of the one before, and one figure with its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.report.figures import Figure
from bot.rules.report.measure import Group, Measure
from bot.rules.report.periods import Every, Period, before, last_whole, so_far
from bot.rules.report.records import Records, of_services
from bot.usecases import people
from bot.usecases.incident.visibility import eyes_of
from bot.usecases.policy import in_force
from bot.usecases.report import figures
from bot.usecases.report.access import Scope, scope
from bot.usecases.report.figures import Answer
from storage.report import records


@dataclass(frozen=True)
class Asked:
    """The last whole period of a kind, of one service or of all that somebody may see."""

    every: Every = Every.WEEK
    running: bool = False
    """Instead the one that is not over yet."""
    service: str | None = None

    def periods(self, now: datetime, zone: ZoneInfo) -> tuple[Period, Period]:
        """It, and the one to compare with."""
        if self.running:
            return so_far(self.every, now, zone)
        period = last_whole(self.every, now, zone)
        return period, before(self.every, period, zone)


@dataclass(frozen=True)
class Report:
    policy: Policy
    asked: Asked
    zone: ZoneInfo
    period: Period
    answers: Sequence[Answer]
    earlier: Mapping[str, Figure]
    """By measure: the same of the period before."""


@dataclass(frozen=True)
class Opened:
    policy: Policy
    answer: Answer
    service: str | None
    zone: ZoneInfo


async def report(tx: AsyncSession, asked: Asked, by: str, now: datetime) -> Report:
    """By the clocks of who asks. Raises NoReports, NotYourService, GuestsMayNot."""
    seen, zone = await scope(tx, by, asked.service), await people.zone(tx, by)
    period, earlier = asked.periods(now, zone)
    answers = figures.every(await _visible(tx, period, seen, by), period, now)
    past = figures.every(await _visible(tx, earlier, seen, by), earlier, now)
    told = {one.measure.name: one.figure for one in past}
    return Report((await in_force(tx)).policy, asked, zone, period, answers, told)


async def one(
    tx: AsyncSession, measure: Measure, period: Period, service: str | None, by: str, now: datetime
) -> Opened:
    """One figure with its records, by service where it is of several. Raises as `report`."""
    seen = await scope(tx, by, service)
    found = await _visible(tx, period, seen, by)
    answer = figures.answer(measure, found, period, now, None if service else Group.SERVICE)
    return Opened((await in_force(tx)).policy, answer, service, await people.zone(tx, by))


async def _visible(tx: AsyncSession, period: Period, seen: Scope, by: str) -> Records:
    """Private incidents count for who may see them, and for nobody else: as on the board of promises."""
    return of_services(await records.read(tx, period, await eyes_of(tx, by)), seen.has)
