"""What somebody had who has left is asked for while others give it on."""

import asyncio

import pytest
from delivery_fixture import until
from records import NOON, fact
from sqlalchemy import text
from sqlmodel import col, update

from bot.rules.record.facts import FactKind
from storage.db.database import Database
from storage.journal import journal
from storage.problem import problems
from storage.sql import changed, run
from storage.tables import Person, Problem
from storage.workspace import people

WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


async def left_behind(database: Database) -> list[int]:
    async with database.begin() as tx:
        return [one.number for one in await problems.of_leavers(tx)]


async def waits(database: Database) -> bool:
    async with database.begin() as tx:
        return bool((await run(tx, WAITS)).scalar_one())


@pytest.mark.postgres
async def test_what_is_given_on_at_the_same_instant_is_nobodys_who_left(postgres_url: str) -> None:
    giver, sweeper, watcher = doors = [Database(postgres_url) for _ in range(3)]
    async with giver.begin() as tx:
        await people.upsert(tx, Person(id="U1", name="gone", tz="UTC", deleted=True, seen_at=NOON))
        await journal.record(tx, fact("PRB-1", kind=FactKind.PROBLEM_RAISED))
        named = dict.fromkeys(("source", "service", "impact", "urgency", "priority", "owner_group", "raised_by"), "U2")
        tx.add(
            Problem(
                number=1,
                state="proposed",
                title="",
                assignee="U1",
                raised_at=NOON,
                moved_at=NOON,
                moved_by="U2",
                **named,
            )
        )
    assert await left_behind(sweeper) == [1]
    async with giver.begin() as tx:
        await changed(tx, update(Problem).where(col(Problem.number) == 1).values(assignee="U2"))
        swept = asyncio.create_task(left_behind(sweeper))
        await until(lambda: swept.done() or asyncio.create_task(waits(watcher)))
    assert await swept == []
    await asyncio.gather(*(one.close() for one in doors))
