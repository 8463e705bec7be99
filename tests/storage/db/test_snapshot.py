"""What a transaction that only looks has read stays as it was read; one that writes reads each time."""

from datetime import UTC, datetime

from storage.db.snapshot import looking
from storage.tables import Person
from storage.workspace import people

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


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
