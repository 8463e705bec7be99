"""Samples of figures by day: made, kept up, checked against the records, and used where a period is asked for.

They are made of a desk that has more than is counted while somebody waits. What moved after the last fact that they
know of is read as it is now, so that a figure is the same with them and without.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.report.figures import Figure, figure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.rules.report.records import Incident, Records, of_services
from bot.rules.report.samples import SAMPLED, Day, Gathered, begin_of, days_of, events
from bot.usecases.report import figures
from storage.configuration_item.items import batches
from storage.incident import incidents
from storage.incident.incidents import Viewer
from storage.journal import journal
from storage.report import now as live
from storage.report import samples, work
from storage.report.records import beside_incidents

WINDOW = timedelta(days=31)
"""Days that are made at once: what is in memory does not grow with the desk."""
LONG = timedelta(days=190)
"""What `/report quarter` reads, with the quarter before."""
HERE_MOST = 500
"""Incidents that are read sooner than another process starts."""
BACKLOG, CALLS = "backlog", ("on-call-calls", "on-call-at-night")
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
    moved = await samples.moved_since(tx, state.fact)
    return Task.NOTHING if not moved else Task.FEW if len(moved) <= HERE_MOST else Task.MANY


async def standing(tx: AsyncSession) -> Standing:
    state = await samples.state(tx)
    if state is None:
        return Standing(None, 0, 0)
    moved = await samples.moved_since(tx, state.fact)
    return Standing(state.as_of, len(await samples.all_days(tx)), len(moved))


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
    for some in batches(await samples.numbers_of(tx, window)):
        for one in events(await live.of_incidents(tx, some, around)):
            if window.has(one.at):
                days[one.day].add(one)
    return days


async def brought_up(tx: AsyncSession) -> BroughtUp | None:
    """The days of incidents that have moved since, as they are now; None where there are no samples."""
    state = await samples.state(tx)
    if state is None:
        return None
    fact, moved = await journal.sealed(tx), await samples.moved_since(tx, state.fact)
    stood = await samples.days_of_facts(tx, moved)
    around = await work.worked_around(tx, begin_of(min(stood, default=EVER.date())))
    fresh = list(events(await live.of_incidents(tx, moved, around)))
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
    made = {day: one.without(moved) for day, one in (await made_of(tx, window)).items()}
    kept = {day: one.without(moved) for day, one in (await samples.days(tx, days_of(window))).items()}
    return [day for day in days_of(window) if made.get(day, Day()).text() != kept.get(day, Day()).text()]


async def every(
    tx: AsyncSession,
    periods: Sequence[Period],
    eyes: Viewer | None,
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
    fresh = [
        *events(await live.of_incidents(tx, moved, around)),
        *events(await live.private(tx, whole, eyes, around)),
    ]
    rest = await figures.agreed(tx, await beside_incidents(tx, whole, eyes, complaints=complaints))
    rest = replace(of_services(rest, has), incidents=_mine(await live.majors(tx, whole, eyes), has))
    told = list[Mapping[str, Figure]]()
    for period in periods:
        gathered = Gathered(period, has, moved)
        for day, sample in (await samples.days(tx, days_of(period))).items():
            gathered.take(day, sample)
        for one in fresh:
            gathered.add(one)
        at_end = _mine(await live.open_at(tx, min(period.end, now), eyes), has)
        found = {**gathered.figures(now), **_unsampled(rest, period, now, at_end, gathered.called)}
        told.append({name: found[name] for name in MEASURES})
    return told


def _unsampled(
    rest: Records, period: Period, now: datetime, at_end: tuple[Incident, ...], called: tuple[Incident, ...]
) -> dict[str, Figure]:
    """`rest`: what is read for all periods; `at_end`: what may have been open at the end of this one."""
    of = {BACKLOG: replace(rest, incidents=at_end), **dict.fromkeys(CALLS, replace(rest, incidents=called))}
    left = [one for name, one in MEASURES.items() if name not in SAMPLED]
    return {one.name: figure(one, of.get(one.name, rest), period, now) for one in left}


def _mine(found: Iterable[Incident], has: Callable[[str], bool]) -> tuple[Incident, ...]:
    return tuple(one for one in found if has(one.service))
