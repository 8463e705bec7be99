"""Samples of figures by day: made, kept up, checked against the records, and used where a period is asked for.

They are made of a desk that has more than is counted while somebody waits. What moved after the last fact that they
know of is read as it is now, so that a figure is the same with them and without.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun
from bot.rules.report.figures import Figure, figure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.rules.report.records import Incident, Records, of_services
from bot.rules.report.samples import SAMPLED, Day, Event, Gathered, Moved, begin_of, days_of, events
from bot.usecases.report import figures
from storage.configuration_item.items import batches
from storage.incident import incidents
from storage.incident.incidents import Viewer
from storage.journal import journal
from storage.report import current as live
from storage.report import samples, work
from storage.report.records import unsampled

WINDOW = timedelta(days=31)
"""Days that are made at once: what is in memory does not grow with the desk."""
LONG = timedelta(days=190)
"""What `/report quarter` reads, with the quarter before."""
HERE_MOST = 500
"""Incidents that are read sooner than another process starts."""
BACKLOGS, CALLS = ("backlog", "request-backlog"), ("on-call-calls", "on-call-at-night")
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Task(StrEnum):
    """What there is to do for samples."""

    NOTHING = "nothing"
    ALL = "all"
    FEW = "few"
    MANY = "many"


class Standing(NamedTuple):
    as_of: datetime | None
    """None where there are none."""
    days: int
    moved: int
    """Incidents that moved since, which are read as they are."""


class BroughtUp(NamedTuple):
    days: Mapping[date, Day]
    seen: int
    """The place in the chain that it went on from."""
    fact: int
    """The place that it comes to."""


async def task(tx: AsyncSession, now: datetime) -> Task:
    """A small desk has none: its figures are counted sooner than they are looked up."""
    state = await samples.state(tx)
    if state is None:
        return Task.NOTHING if await incidents.are_few(tx, now - LONG) else Task.ALL
    moved = _count(await samples.moved_since(tx, state.fact))
    return Task.NOTHING if not moved else Task.FEW if moved <= HERE_MOST else Task.MANY


async def standing(tx: AsyncSession) -> Standing:
    state = await samples.state(tx)
    if state is None:
        return Standing(None, 0, 0)
    moved = await samples.moved_since(tx, state.fact)
    return Standing(state.as_of, len(await samples.all_days(tx)), _count(moved))


async def begin_anew(tx: AsyncSession, now: datetime) -> tuple[list[Period], int]:
    """As `plan`; none is used until all are made, and days on which there was no desk have none."""
    windows, fact = await plan(tx, now)
    await samples.begin(tx)
    days = [day for one in windows for day in days_of(one)]
    await samples.forget_outside(tx, min(days, default=now.date()), max(days, default=now.date()))
    return windows, fact


async def plan(tx: AsyncSession, now: datetime) -> tuple[list[Period], int]:
    """The windows in which all are made, and the last fact that all of them know of."""
    first, found = await samples.begins(tx), list[Period]()
    at = begin_of(first.astimezone(UTC).date()) if first else now
    while at < now:
        found.append(Period(at, at + WINDOW))
        at += WINDOW
    return found, await journal.sealed(tx)


async def made_of(tx: AsyncSession, window: Period) -> Mapping[date, Day]:
    """Samples of all days of a window, from the records; of a day without any too, which may have had some."""
    around, days = await work.worked_around(tx, window.start), {day: Day() for day in days_of(window)}
    async for one in _events_within(tx, window, around):
        if window.has(one.at):
            days[one.day].add(one)
    return days


async def _events_within(tx: AsyncSession, period: Period, around: Collection[str]) -> AsyncIterator[Event]:
    """Of all records that may count in a period, some at a time; but of private ones, requests that are not over, and
    changes that caused an incident."""
    of = {
        Noun.INCIDENT: await samples.incidents_of(tx, period),
        Noun.CHANGE: await samples.changes_of(tx, period),
        Noun.REQUEST: await samples.requests_of(tx, period),
    }
    for noun, numbers in of.items():
        for some in batches(numbers):
            for one in await _events(tx, {noun: some}, around):
                yield one


async def _events(tx: AsyncSession, moved: Moved, around: Collection[str]) -> list[Event]:
    """All that these records ever count for in samples, as they are now: requests once they are over."""
    requests = await live.requests_over(tx, moved.get(Noun.REQUEST, ()))
    changes = await live.of_changes(tx, moved.get(Noun.CHANGE, ()))
    incidents_of = await live.of_incidents(tx, moved.get(Noun.INCIDENT, ()), around)
    return [*events(incidents_of), *events(changes), *events(requests)]


async def brought_up(tx: AsyncSession) -> BroughtUp | None:
    """The days of incidents that have moved since, as they are now; None where there are no samples."""
    state = await samples.state(tx)
    if state is None:
        return None
    fact, moved = await journal.sealed(tx), await samples.moved_since(tx, state.fact)
    stood = await samples.days_of_facts(tx, moved)
    around = await work.worked_around(tx, begin_of(min(stood, default=EVER.date())))
    fresh = await _events(tx, moved, around)
    stood |= {one.day for one in fresh}
    days = defaultdict(Day, {day: one.without(moved) for day, one in (await samples.days(tx, stood)).items()})
    for one in fresh:
        days[one.day].add(one)
    return BroughtUp(dict(days), state.fact, fact)


async def keep(tx: AsyncSession, days: Mapping[date, Day], *, reached: int | None = None, now: datetime) -> None:
    """Those of one of all windows; `reached`: the last fact that all samples know of, once all are kept.

    Takes out of use what another process completed meanwhile: these days may know of less than it says.
    """
    await samples.begin(tx)
    await samples.keep(tx, days)
    if reached is not None:
        await samples.complete(tx, reached, now)


async def keep_brought_up(tx: AsyncSession, made: BroughtUp, now: datetime) -> None:
    """Nothing where samples were made anew or brought up since: they would be taken for all, or know of less again."""
    if await samples.reach(tx, made.seen, made.fact, now):
        await samples.keep(tx, made.days)


async def differing(tx: AsyncSession, window: Period) -> list[date]:
    """Days of a window of which the kept sample is not what the records say; but for what has moved since."""
    state = await samples.state(tx)
    moved = await samples.moved_since(tx, state.fact if state else 0)
    made = _left(await made_of(tx, window), moved)
    kept = _left(await samples.days(tx, days_of(window)), moved)
    both = {day for day in made.keys() & kept.keys() if made[day].body() == kept[day].body()}
    return sorted((made.keys() | kept.keys()) - both)


def _left(days: Mapping[date, Day], moved: Moved) -> dict[date, Day]:
    """Days with anything of records that have not moved: most of many years have nothing."""
    left = {day: one.without(moved) for day, one in days.items()}
    return {day: one for day, one in left.items() if one.columns}


def _count(moved: Moved) -> int:
    return sum(map(len, moved.values()))


async def every(
    tx: AsyncSession,
    periods: Sequence[Period],
    viewer: Viewer | None,
    has: Callable[[str], bool],
    now: datetime,
    *,
    complaints: bool = True,
) -> list[Mapping[str, Figure]] | None:
    """All figures of each period, by measure; None where no samples are made of this desk.

    What no sample holds is read once for all periods: each measure takes of it what is in its own.
    """
    state = await samples.state(tx)
    if state is None:
        return None
    whole = Period(min(one.start for one in periods), max(one.end for one in periods))
    moved, around = await samples.moved_since(tx, state.fact), await work.worked_around(tx, whole.start)
    fresh = [*await _events(tx, moved, around), *await _never_sampled(tx, whole, viewer, around, now)]
    rest = await _rest(tx, whole, viewer, has, complaints=complaints)
    told = list[Mapping[str, Figure]]()
    for period in periods:
        gathered = Gathered(period, has, moved)
        for day, sample in (await samples.days(tx, days_of(period))).items():
            gathered.take(day, sample)
        for one in fresh:
            gathered.add(one)
        told.append(await _figures(tx, gathered, rest, period, viewer, has, now))
    return told


async def counted(
    tx: AsyncSession, period: Period, now: datetime, has: Callable[[str], bool] = lambda _: True
) -> Mapping[str, Figure]:
    """All figures for who sees all: by samples, where there are any."""
    sampled = await every(tx, (period,), None, has, now)
    return sampled[0] if sampled is not None else await streamed(tx, period, now, has)


async def streamed(
    tx: AsyncSession, period: Period, now: datetime, has: Callable[[str], bool] = lambda _: True
) -> Mapping[str, Figure]:
    """The same of one period for who sees all, from the records: some at a time, so that a year takes little memory."""
    gathered, around = Gathered(period, has, {}), await work.worked_around(tx, period.start)
    async for one in _events_within(tx, period, around):
        gathered.add(one)
    for one in await _never_sampled(tx, period, None, around, now):
        gathered.add(one)
    rest = await _rest(tx, period, None, has, complaints=True)
    return await _figures(tx, gathered, rest, period, None, has, now)


async def _never_sampled(
    tx: AsyncSession, whole: Period, viewer: Viewer | None, around: Collection[str], now: datetime
) -> list[Event]:
    """Of requests that are not over, as far as they have fallen due, of changes that caused something, and of private
    incidents."""
    caused = events(await live.changes_that_caused(tx, whole, viewer))
    requests = [one for one in events(await live.requests_open(tx)) if one.at <= now]
    return [*requests, *caused, *events(await live.private(tx, whole, viewer, around))]


async def _rest(
    tx: AsyncSession, whole: Period, viewer: Viewer | None, has: Callable[[str], bool], *, complaints: bool
) -> Records:
    """What is no event of a day."""
    rest = await figures.agreed(tx, await unsampled(tx, whole, viewer, complaints=complaints))
    return of_services(replace(rest, incidents=await live.majors(tx, whole, viewer)), has)


async def _figures(
    tx: AsyncSession,
    gathered: Gathered,
    rest: Records,
    period: Period,
    viewer: Viewer | None,
    has: Callable[[str], bool],
    now: datetime,
) -> Mapping[str, Figure]:
    at = min(period.end, now)
    still = replace(rest, incidents=await live.open_at(tx, at, viewer), requests=await live.requests_open_at(tx, at))
    found = {**gathered.figures(now), **_unsampled(rest, period, now, of_services(still, has), gathered.called)}
    return {name: found[name] for name in MEASURES}


def _unsampled(
    rest: Records, period: Period, now: datetime, at_end: Records, called: tuple[Incident, ...]
) -> dict[str, Figure]:
    """`rest`: what is read for all periods; `at_end`: what may have been open at the end of this one."""
    of = {**dict.fromkeys(BACKLOGS, at_end), **dict.fromkeys(CALLS, replace(rest, incidents=called))}
    left = [one for name, one in MEASURES.items() if name not in SAMPLED]
    return {one.name: figure(one, of.get(one.name, rest), period, now) for one in left}
