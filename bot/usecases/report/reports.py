"""What `/report` shows: all figures of a period beside those of the one before, and one figure with its records."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.notices import Notice, NoticeKind, person
from bot.rules.report.figures import Figure
from bot.rules.report.issue import figure_content
from bot.rules.report.measures.measure import Group, Measure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.notices import SUBJECT
from bot.rules.report.periods import Every, Period, before, first_day, last_whole, period_of, so_far
from bot.rules.report.records import Records, of_services
from bot.rules.report.refusals import PeriodToCome
from bot.usecases import people
from bot.usecases.complaint import access as complaint_access
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from bot.usecases.report import figures, sampling
from bot.usecases.report.access import Scope, scope
from bot.usecases.report.figures import Answer
from storage.delivery import outbox
from storage.incident import incidents


@dataclass(frozen=True)
class Asked:
    """The last whole period of a kind, of one service or of all that somebody may see."""

    every: Every = Every.WEEK
    running: bool = False
    """Instead the one that is not over yet."""
    service: str | None = None
    first: date | None = None
    """Of the one that is named instead: its first day."""

    def periods(self, now: datetime, zone: ZoneInfo) -> tuple[Period, Period]:
        """It, and the one to compare with. Raises PeriodToCome."""
        if self.runs(now, zone):
            return so_far(self.every, now, zone)
        period = last_whole(self.every, now, zone)
        if self.first is not None:
            period = period_of(self.every, self.first, zone)
            if period.start > now:
                raise PeriodToCome(every=self.every)
        return period, before(self.every, period, zone)

    def runs(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is not over yet."""
        return self.running or self.first == first_day(self.every, now, zone)


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


@dataclass(frozen=True)
class Counted:
    """All figures by measure: values alone, which travel between processes."""

    lately: Mapping[str, Figure]
    earlier: Mapping[str, Figure]


async def is_long(tx: AsyncSession, asked: Asked, by: str, now: datetime) -> bool:
    """Whether so much is read that Slack would not wait. Raises NoReports, NotYourService, GuestsMayNot."""
    await scope(tx, by, asked.service)
    _, earlier = asked.periods(now, await people.zone(tx, by))
    return not await incidents.are_few(tx, earlier.start)


async def counted(tx: AsyncSession, asked: Asked, by: str, now: datetime) -> Counted:
    """By the clocks of who asks. Raises NoReports, NotYourService, GuestsMayNot."""
    seen, zone = await scope(tx, by, asked.service), await people.zone(tx, by)
    periods, answers = asked.periods(now, zone), bool(await complaint_access.works(tx, by))
    # By samples, where there are any: the figures are the same.
    sampled = await sampling.every(tx, periods, await viewer_of(tx, by), seen.has, now, complaints=answers)
    if sampled is not None:
        return Counted(*sampled)
    found = [figures.every(await visible(tx, one, seen, by), one, now) for one in periods]
    return Counted(*({one.measure.name: one.figure for one in each} for each in found))


async def report(tx: AsyncSession, asked: Asked, by: str, now: datetime, known: Counted | None = None) -> Report:
    """`known`: what was counted already. Raises NoReports, NotYourService, GuestsMayNot."""
    found, zone = known or await counted(tx, asked, by, now), await people.zone(tx, by)
    period, _ = asked.periods(now, zone)
    answers = [Answer(MEASURES[name], one) for name, one in found.lately.items()]
    return Report((await in_force(tx)).policy, asked, zone, period, answers, found.earlier)


async def send_picture(tx: AsyncSession, found: Report, title: str, *, by: str, now: datetime) -> None:
    """The figures as they were told just now, painted: by direct message."""
    figures = [figure_content(one.measure, one.figure, found.earlier[one.measure.name], {}) for one in found.answers]
    data: dict[str, str | int] = {"title": title, "figures": json.dumps(figures, ensure_ascii=False)}
    notice = Notice(NoticeKind.FIGURES_PICTURE, person(by), SUBJECT, now.isoformat(), data)
    await outbox.put(tx, notice, now)


async def one(
    tx: AsyncSession, measure: Measure, period: Period, service: str | None, by: str, now: datetime
) -> Opened:
    """One figure with its records, by service where it is of several. Raises as `report`."""
    seen = await scope(tx, by, service)
    found = await visible(tx, period, seen, by)
    answer = figures.answer(measure, found, period, now, None if service else Group.SERVICE)
    return Opened((await in_force(tx)).policy, answer, service, await people.zone(tx, by))


async def visible(tx: AsyncSession, period: Period, seen: Scope, by: str) -> Records:
    """Private incidents and complaints count for who may see them, and for nobody else: as on the board of promises."""
    answers = bool(await complaint_access.works(tx, by))
    return of_services(await figures.read(tx, period, await viewer_of(tx, by), complaints=answers), seen.has)
