"""Samples of figures hold what the records say, whoever makes them at the same time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.report.samples import Day, days_of
from bot.usecases import policy as desk_policy
from bot.usecases.incident.incidents import Report, log
from bot.usecases.report import sampling
from storage.db.database import Database
from storage.imports import imported
from storage.journal import journal
from storage.report import samples
from storage.tables import Entry, FigureSample, FigureSampling, ImportedRecord, Person
from storage.workspace import people

MARCH, MAY = (datetime(2026, month, 2, 9, tzinfo=UTC) for month in (3, 5))
NOTHING: dict[Noun, set[int]] = {Noun.INCIDENT: set(), Noun.CHANGE: set(), Noun.REQUEST: set()}
WHOLE = Period(MARCH - timedelta(days=30), MAY + timedelta(days=60))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An incident in March and one in May, so that samples are made of three windows."""
    database = Database(database_url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=MARCH)
        await people.upsert(tx, Person(id="U1", name="One", seen_at=MARCH))
    for at in (MARCH, MAY):
        await opened(database, at)
    yield database
    await database.close()


async def opened(database: Database, at: datetime) -> None:
    async with database.begin() as tx:
        await log(tx, Report("Down", "", "vpn", Impact.HIGH, Urgency.HIGH), by="U1", now=at)
    async with database.begin() as tx:
        await journal.seal(tx)


async def made(database: Database) -> None:
    async with database.begin() as tx:
        windows, fact = await sampling.begin_anew(tx, MAY)
        for window in windows:
            days = await sampling.made_of(tx, window)
            await sampling.keep(tx, days, reached=fact if window is windows[-1] else None, now=MAY)


async def test_what_was_brought_up_is_not_kept_once_samples_are_made_anew(database: Database) -> None:
    await made(database)
    await opened(database, MAY)
    async with database.begin() as tx:
        up = await sampling.brought_up(tx)
        assert up is not None
        await sampling.begin_anew(tx, MAY)
        await sampling.keep_brought_up(tx, up, MAY)
        assert await samples.state(tx) is None
    await opened(database, MAY)
    await made(database)
    async with database.begin() as tx:
        await sampling.keep_brought_up(tx, up, MAY)
        state = await samples.state(tx)
        assert state is not None
        assert state.fact == await journal.sealed(tx)
        assert await sampling.differing(tx, WHOLE) == []


async def test_who_makes_all_samples_loses_none_to_another_one_who_begins_meanwhile(database: Database) -> None:
    async with database.begin() as tx:
        windows, fact = await sampling.plan(tx, MAY)
        first, *rest = windows
        await sampling.keep(tx, await sampling.made_of(tx, first), now=MAY)
        await sampling.begin_anew(tx, MAY)
        for window in rest:
            await sampling.keep(tx, await sampling.made_of(tx, window), now=MAY)
        await sampling.keep(tx, {}, reached=fact, now=MAY)
        assert await sampling.differing(tx, WHOLE) == []
        await sampling.keep(tx, await sampling.made_of(tx, first), now=MAY)
        assert await samples.state(tx) is None, "the other one is not done, and its days may know of less"


async def test_a_day_differs_that_has_too_little_too_much_or_something_else(database: Database) -> None:
    await made(database)
    async with database.begin() as tx:
        kept = await samples.days(tx, days_of(WHOLE))
        assert {MARCH.date(), MAY.date()} <= set(kept)
        between = MARCH.date() + timedelta(days=9)
        await samples.keep(tx, {MARCH.date(): Day(), between: kept[MAY.date()], MAY.date(): kept[MARCH.date()]})
        assert await sampling.differing(tx, WHOLE) == [MARCH.date(), between, MAY.date()]


async def test_a_fact_that_is_committed_late_with_a_smaller_id_has_moved_its_incident(database: Database) -> None:
    """A transaction takes its ids before others, and commits after them."""
    noted = FactKind.INCIDENT_NOTED
    late = Entry(id=0, subject="INC-1", kind=noted, at=MAY, by="U1", data="{}", policy_version=1)
    await made(database)
    async with database.begin() as tx:
        state = await samples.state(tx)
        assert state is not None
        assert await samples.moved_since(tx, state.fact) == NOTHING
        tx.add(late)
        await tx.flush()
        assert await samples.moved_since(tx, state.fact) == NOTHING | {Noun.INCIDENT: {1}}
        assert await journal.seal(tx) == 1
        assert await samples.moved_since(tx, state.fact) == NOTHING | {Noun.INCIDENT: {1}}


async def test_what_else_was_moved_in_is_no_incident_of_its_number(database: Database) -> None:
    rows = [
        ImportedRecord(source="x", source_id=one, subject=one, digest="", revision=1, file="", imported_at=MAY)
        for one in ("CHG-7", "REQ-8", "INC-9")
    ]
    async with database.begin() as tx:
        await imported.add_all(tx, rows)
        assert await samples.incidents_of(tx, WHOLE) == [1, 2, 9]


async def test_days_of_another_format_are_left_alone(database: Database) -> None:
    async with database.begin() as tx:
        tx.add(FigureSample(day="2020-01-01", body="of another version"))
    await made(database)
    async with database.begin() as tx:
        assert {one.year for one in await samples.all_days(tx)} == {2026}
        assert await tx.get(FigureSample, "2020-01-01") is not None


async def test_days_of_a_version_that_runs_no_more_are_forgotten(database: Database) -> None:
    await made(database)
    async with database.begin() as tx:
        for number in (samples.FORMAT - 1, samples.FORMAT + 1):
            tx.add(FigureSampling(number=number, fact=1, as_of=MARCH + timedelta(days=number)))
            tx.add(FigureSample(day=f"{number}/2020-01-01", body="of another version"))
    async with database.begin() as tx:
        await samples.forget_unused(tx, MARCH + timedelta(days=samples.FORMAT))
    async with database.read() as tx:
        kept = {one.partition("/")[0] for one in await tx.exec(select(FigureSample.day))}
        assert await samples.state(tx) is not None
    assert kept == {str(samples.FORMAT), str(samples.FORMAT + 1)}
