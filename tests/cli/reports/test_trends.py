"""`deskbell trends replay`, and what a trend becomes: proposed once, growing, never opened by itself."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.problem.flow import ProblemState
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.incident.incidents import Report, log
from bot.usecases.problem import problems
from storage.db import schema
from storage.db.database import Database
from storage.problem import trends as stored
from storage.tables import Person
from storage.workspace import people

BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


async def swept(database: Database, now: datetime) -> None:
    fired = 1
    while fired:
        async with database.begin() as tx:
            fired = await sweep.ring_due(tx, now)


async def reported(database: Database, summary: str, at: datetime) -> None:
    await swept(database, at)
    async with database.begin() as tx:
        await log(tx, Report(summary, "", "vpn", Impact.LOW, Urgency.LOW), by="U1", now=at)


async def lived(url: str) -> None:
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.ensure(tx, parse(""), now=BEGUN)
        await people.upsert(tx, Person(id="U1", name="requester", seen_at=BEGUN))
        await people.set_members(tx, "service-desk", ["U1"])
    for week in range(8):
        await reported(database, f"Question number {week} about something else", BEGUN + week * 7 * DAY)
    for number in range(4):
        await reported(database, "The tunnel drops at night", BEGUN + (60 + number) * DAY)
    await swept(database, BEGUN + 64 * DAY)
    async with database.begin() as tx:
        [(trend, problem)] = await stored.proposed(tx)
        assert (problem.state, problem.source, trend.count) == (ProblemState.PROPOSED, "trend", 4)
        assert "4 in 7 days" in problem.title
    await reported(database, "Tunnel drops every night", BEGUN + 64.5 * DAY)
    await swept(database, BEGUN + 66 * DAY)
    async with database.begin() as tx:
        [(trend, problem)] = await stored.proposed(tx)
        assert (trend.count, len(trend.records.split())) == (5, 5)
        assert "4 in 7 days" in problem.title, "what it was proposed for stays"
        await problems.dismiss(tx, problem.ref, "A test of the night shift", by="U1", now=BEGUN + 66 * DAY)
    await reported(database, "Tunnel drops at night", BEGUN + 66.5 * DAY)
    await swept(database, BEGUN + 68 * DAY)
    async with database.read() as tx:
        assert len(await stored.proposed(tx)) == 1, "one more is no new evidence"
    await database.close()


def test_what_is_found_is_proposed_once_and_replayed(deskbell, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(lived(sqlite_url))
    code, out, _ = deskbell("trends", "replay", "--since", "2026-02-01")
    assert code == 0
    assert "alike  vpn: " in out
    assert "4 in 7 days" in out
    assert "INC-9 INC-10 INC-11 INC-12" in out
    [told] = json.loads(deskbell("trends", "replay", "--since", "2026-02-01", "--json")[1])
    assert (told["rule"], told["count"], told["records"][0]) == ("alike", 4, "INC-9")
    assert deskbell("trends", "replay", "--since", "lately")[0] != 0
    code, _, err = deskbell("trends", "replay", "--since", "0001-01-01")
    assert (code, "1970-01-01 is the earliest" in err) == (1, True)
