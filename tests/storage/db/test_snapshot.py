"""What a transaction that only looks has read stays as it was read; one that writes reads each time."""

from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refusals import NoSuchRecord
from handlers.request.context import RequestContext
from storage import records
from storage.db.database import Database
from storage.db.snapshot import Answers, looking
from storage.incident import incidents
from storage.journal import journal
from storage.tables import Person, Problem
from storage.workspace import people

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROBLEM = {
    "state": "proposed", "source": "person", "service": "vpn", "impact": "high", "urgency": "high", "priority": "P1",
    "owner_group": "service-desk", "raised_by": "U1", "raised_at": NOON, "moved_at": NOON, "moved_by": "U1",
}  # fmt: skip


def person(name: str) -> Person:
    return Person(id="U1", name=name, seen_at=NOON)


async def test_what_writes_reads_what_it_wrote(database):
    async with database.begin() as tx:
        await people.upsert(tx, person("before"))
        assert (await people.get(tx, "U1")).name == "before"
        await people.upsert(tx, person("after"))
        assert (await people.get(tx, "U1")).name == "after"


async def test_what_is_drawn_between_two_writes_reads_what_was_written_last(database):
    async with database.begin() as tx:
        await people.set_members(tx, "desk", ["U1"])
        with looking(tx):
            assert await people.members(tx, "desk") == ["U1"]
        await people.set_members(tx, "desk", ["U2"])
        assert await people.members(tx, "desk") == ["U2"]
        with looking(tx):
            assert await people.members(tx, "desk") == ["U2"]


async def test_who_changes_an_answer_changes_it_for_themselves_alone(database):
    async with database.begin() as tx:
        await people.set_members(tx, "desk", ["U1", "U2"])
    async with database.read() as tx:
        (await people.members(tx, "desk")).clear()
        assert await people.members(tx, "desk") == ["U1", "U2"]


async def test_what_one_look_of_a_request_read_the_next_one_knows(database):
    known = Answers()
    for name in ("before", "after"):
        async with database.begin() as tx:
            await people.upsert(tx, person(name))
        async with database.read(known=known) as tx:
            assert (await people.get(tx, "U1")).name == "before"
    known.forget()
    async with database.read(known=known) as tx:
        assert (await people.get(tx, "U1")).name == "after"


async def test_what_was_read_where_it_failed_is_read_again(database):
    """A session that is rolled back takes its rows along."""
    known = Answers()
    async with database.begin() as tx:
        await people.upsert(tx, person("here"))

    async def refused() -> None:
        async with database.read(known=known) as tx:
            await people.get(tx, "U1")
            raise NoSuchRecord(ref="PRB-9", command="problem list")

    with pytest.raises(NoSuchRecord):
        await refused()
    async with database.read(known=known) as tx:
        assert (await people.get(tx, "U1")).name == "here"


async def test_a_request_that_writes_knows_what_it_wrote_and_reads_the_rest_anew(database):
    turn = RequestContext("U1", NOON, "request", database, AsyncWebClient())
    async with database.begin() as tx:
        await people.upsert(tx, person("before"))
        tx.add(Problem(number=1, title="before", **PROBLEM))
        await journal.record(tx, Fact(FactKind.PROBLEM_RAISED, "PRB-1", "U1", NOON, 1))
    async with turn.look() as tx:
        assert (await people.get(tx, "U1")).name == (await records.get(tx, Problem, 1)).title == "before"
    async with turn.begin() as tx:
        await people.upsert(tx, person("after"))
        await records.touch(tx, Problem, 1, title="after")
    async with turn.look() as tx:
        assert (await people.get(tx, "U1")).name == (await records.get(tx, Problem, 1)).title == "after"


async def test_who_was_refused_looks_at_how_it_stands_now(database):
    """What they had read may be why: somebody else was first."""
    turn = RequestContext("U1", NOON, "request", database, AsyncWebClient())
    async with database.begin() as tx:
        await people.upsert(tx, person("before"))
    async with turn.look() as tx:
        await people.get(tx, "U1")
    async with database.begin() as tx:
        await people.upsert(tx, person("after"))
    with pytest.raises(NoSuchRecord):
        async with turn.begin() as tx:
            raise NoSuchRecord(ref="PRB-9", command="problem list")
    async with turn.look() as tx:
        assert (await people.get(tx, "U1")).name == "after"


async def test_what_could_not_be_committed_is_known_to_nobody(database_url):
    """Its rows are gone with it, also where the commit itself fails."""

    async def full(_tx):
        raise OSError("no space left on device")

    database = Database(database_url, before_commit=full)
    turn = RequestContext("U1", NOON, "request", database, AsyncWebClient())

    async def write() -> None:
        async with turn.begin() as tx:
            await people.upsert(tx, person("never"))
            await people.get(tx, "U1")
            await records.add(tx, Problem(number=1, title="never", **PROBLEM))

    with pytest.raises(OSError, match="no space"):
        await write()
    assert turn.added == set()
    async with turn.read() as tx:
        assert await people.get(tx, "U1") is None
    await database.close()


@pytest.mark.parametrize("beside", ["aside", "counted"])
async def test_what_was_read_before_a_long_read_is_read_again(database, beside):
    turn = RequestContext("U1", NOON, "request", database, AsyncWebClient())
    async with database.begin() as tx:
        await people.upsert(tx, person("before"))
    async with turn.look() as tx:
        await people.get(tx, "U1")
    async with database.begin() as tx:
        await people.upsert(tx, person("after"))
    await (turn.aside(incidents.are_few, NOON) if beside == "aside" else turn.counted(NOON, incidents.are_few, NOON))
    async with turn.look() as tx:
        assert (await people.get(tx, "U1")).name == "after"
