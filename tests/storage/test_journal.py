import asyncio
import json
import re

import pytest
from records import fact
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.rules.facts import FactKind
from storage import journal
from storage.database import Database
from storage.tables import Entry


@pytest.fixture
async def sealed(database):
    """Five facts on record, the odd ones with words, all sealed."""
    async with database.begin() as tx:
        for number in range(1, 6):
            words = {"summary": f"VPN «{number}» is down"} if number % 2 else {}
            await journal.record(tx, fact(f"INC-{number}", words=words, data={"n": number, "états": ["a", "b"]}))
    async with database.begin() as tx:
        assert await journal.seal(tx) == 5
    return database


async def faults(database):
    async with database.read() as tx:
        return await journal.verify(tx)


async def tamper(database, statement):
    """As somebody would who has the database file: without the triggers."""
    async with database.begin() as tx:
        if database.is_sqlite:
            for name in ("fact_is_kept", "fact_is_new", "fact_is_sealed_once"):
                await tx.exec(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            await tx.exec(text("ALTER TABLE fact DISABLE TRIGGER USER"))
        await tx.exec(text(statement))


async def test_a_record_tells_what_happened_to_it_in_the_words_that_were_typed(database):
    told = [
        fact(words={"summary": "VPN is down"}, data={"impact": "high"}),
        fact(kind=FactKind.INCIDENT_ACKNOWLEDGED, by="U2"),
    ]
    async with database.begin() as tx:
        for one in told:
            await journal.record(tx, one)
        await journal.record(tx, fact("INC-2"))
    async with database.read() as tx:
        assert await journal.timeline(tx, "INC-1") == told


async def test_a_sealed_journal_verifies(sealed):
    assert await faults(sealed) == []
    async with sealed.read() as tx:
        entries = list(await tx.exec(select(Entry).order_by(Entry.seq)))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in entries] == [journal.GENESIS, *(entry.hash for entry in entries[:-1])]


TAMPERED = [
    ("UPDATE fact SET by = 'U9' WHERE seq = 2", "Fact 2 .* not as it was sealed"),
    ("UPDATE fact SET data = '{}' WHERE seq = 3", "Fact 3 .* not as it was sealed"),
    ("UPDATE fact SET kind = 'sla_met' WHERE seq = 1", "Fact 1 .* not as it was sealed"),
    ("UPDATE fact SET policy_version = 2 WHERE seq = 1", "Fact 1 .* not as it was sealed"),
    ("UPDATE fact SET subject = 'INC-9' WHERE seq = 4", "Fact 4 .* not as it was sealed"),
    ("UPDATE fact SET seq = 50 - seq WHERE seq IN (2, 3)", "Fact 2 is missing"),
    ("UPDATE fact SET hash = prev_hash WHERE seq = 2", "Fact 3 does not follow"),
    ("UPDATE fact SET words_commitment = NULL WHERE seq = 1", "Fact 1 .* not as it was sealed"),
    ('UPDATE fact_words SET words = \'{"summary":"all is well"}\' WHERE fact_id = 3', "words of fact 3 .* not those"),
    ("DELETE FROM fact WHERE seq = 2", "Fact 2 is missing"),
    ("DELETE FROM fact WHERE seq = 4", "Fact 4 is missing"),
]


@pytest.mark.parametrize(("statement", "fault"), TAMPERED)
async def test_whoever_changes_a_fact_is_found_out(sealed, statement, fault):
    await tamper(sealed, statement)
    found = await faults(sealed)
    assert any(re.search(fault, one) for one in found), found


async def test_a_cut_tail_is_found_out(sealed):
    await tamper(sealed, "DELETE FROM fact_words WHERE fact_id = 5")
    await tamper(sealed, "DELETE FROM fact WHERE seq = 5")
    assert await faults(sealed) == ["The journal ends at fact 4, but 5 were sealed."]


async def test_words_can_be_erased_and_the_chain_still_verifies(sealed):
    async with sealed.begin() as tx:
        await journal.erase(tx, [1, 3])
    assert await faults(sealed) == []
    async with sealed.read() as tx:
        [told] = await journal.timeline(tx, "INC-1")
        assert (told.words, told.data["n"]) == ({}, 1)


async def test_the_hash_covers_no_typed_word(sealed):
    async with sealed.read() as tx:
        entry = (await tx.exec(select(Entry).where(Entry.seq == 1))).one()
    assert "VPN" not in json.dumps(entry.model_dump(mode="json"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM fact",
        "UPDATE fact SET by = 'U9'",
        "UPDATE fact SET seq = 77 WHERE seq = 1",
        "UPDATE fact SET seq = NULL, hash = NULL WHERE seq = 1",
        "INSERT INTO fact (subject, kind, at, by, data, policy_version, seq) "
        "SELECT subject, kind, at, by, data, policy_version, 99 FROM fact WHERE seq = 1",
    ],
)
async def test_the_database_itself_refuses_to_change_a_fact(sealed, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        async with sealed.begin() as tx:
            await tx.exec(text(statement))
    assert await faults(sealed) == []


async def test_each_database_has_its_own_way_round_that_is_closed(sealed):
    way = (
        "INSERT OR REPLACE INTO fact (id, subject, kind, at, by, data, policy_version) "
        "SELECT id, subject, kind, at, 'U9', data, policy_version FROM fact"
        if sealed.is_sqlite
        else "TRUNCATE fact CASCADE"
    )
    with pytest.raises(DBAPIError, match="append-only"):
        async with sealed.begin() as tx:
            await tx.exec(text(way))


async def test_an_unsealed_fact_cannot_be_changed_either(database):
    async with database.begin() as tx:
        await journal.record(tx, fact())
    for statement in ("UPDATE fact SET by = 'U9'", "UPDATE fact SET by = 'U9', seq = 1, hash = 'x', prev_hash = 'y'"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.begin() as tx:
                await tx.exec(text(statement))


async def test_many_sealers_and_writers_make_one_chain(database, database_url):
    other_replica = Database(database_url)

    async def write(number):
        async with database.begin() as tx:
            await journal.record(tx, fact(f"INC-{number}"))

    async def seal(replica):
        async with replica.begin() as tx:
            return await journal.seal(tx, limit=7)

    await asyncio.gather(*(write(n) for n in range(30)), *(seal(replica) for replica in (database, other_replica) * 4))
    while await seal(other_replica):
        pass
    await other_replica.close()
    assert await faults(database) == []
    async with database.read() as tx:
        assert await journal.unsealed(tx) == 0
        assert [entry.seq for entry in await tx.exec(select(Entry).order_by(Entry.seq))] == list(range(1, 31))


async def test_a_long_journal_is_verified_batch_by_batch(sealed, monkeypatch):
    monkeypatch.setattr(journal, "_BATCH", 2)
    assert await faults(sealed) == []
    await tamper(sealed, "UPDATE fact SET by = 'U9' WHERE seq = 5")
    assert len(await faults(sealed)) == 1
