import asyncio
import json
from datetime import timedelta

import pytest
from journals import ERASURE, SIGNER, bulk, burglar, faults, source, told, written
from records import NOON, fact
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.rules.journal.merkle import Frontier
from bot.rules.record.facts import FactKind
from storage.db.database import Database
from storage.journal import checkpoints, journal
from storage.journal.check import STRETCH
from storage.journal.leaf_hash import GENESIS
from storage.journal.verify import verify
from storage.tables import Entry


@pytest.fixture
async def sealed(database):
    """Five facts on record, the odd ones with words, all sealed."""
    await written(database)
    return database


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


async def test_a_sealed_journal_is_one_chain_and_its_checkpoint_is_over_all_of_it(sealed, database_url):
    assert faults(database_url) == []
    async with sealed.read() as tx:
        entries = list(await tx.exec(select(Entry).order_by(Entry.seq)))
        point = await checkpoints.newest(tx)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert point.size == 5
    assert point.root == Frontier().with_leaves(bytes.fromhex(entry.hash) for entry in entries).root.hex()


async def test_checkpoints_grow_from_one_another_to_the_same_tree(database, database_url):
    made = [await written(database, count, NOON + timedelta(hours=count)) for count in (1, 2, 7, 30)]
    assert [point.size for point in made] == [1, 3, 10, 40]
    assert faults(database_url, *made) == []


async def test_nothing_new_makes_no_checkpoint_and_one_that_was_made_is_never_changed(sealed):
    async with sealed.begin() as tx:
        assert await checkpoints.make(tx, NOON + timedelta(days=1), SIGNER.sign) is None
        assert [point.size for point in await checkpoints.since(tx, 0, 10)] == [5]
        assert await checkpoints.since(tx, 5, 10) == []
        assert (await checkpoints.at(tx, 5)).size == 5
        assert await checkpoints.at(tx, 4) is None


async def test_words_can_be_erased_and_the_chain_still_verifies(sealed, database_url):
    async with sealed.begin() as tx:
        assert await journal.erase(tx, [1, 2, 3], ERASURE) == 2
        assert await journal.erase(tx, [1, 2, 3], ERASURE) == 0, "erased before"
    assert faults(database_url) == []
    async with sealed.read() as tx:
        [told] = await journal.timeline(tx, "INC-1")
        assert (told.words, told.data["n"]) == ({}, 1)
        [erasure] = await journal.timeline(tx, "journal")
        assert erasure.data == {"facts": ["1", "3"]}


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
        "UPDATE fact_words SET words = '{}'",
        "UPDATE checkpoint SET root = 'x'",
        "DELETE FROM checkpoint",
    ],
)
async def test_the_database_itself_refuses_to_change_what_is_on_record(sealed, database_url, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        async with sealed.begin() as tx:
            await tx.exec(text(statement))
    assert faults(database_url) == []


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
    assert faults(database_url) == []
    async with database.read() as tx:
        assert await journal.unsealed(tx) == 0
        assert [entry.seq for entry in await tx.exec(select(Entry).order_by(Entry.seq))] == list(range(1, 31))


@pytest.mark.slow
def test_a_long_journal_is_verified_by_several_processes(sqlite_url):
    """Longer than a stretch, so that what is found has to be put together in order."""
    count = STRETCH + 3
    bulk(sqlite_url.removeprefix("sqlite:///"), count, words_each=3)
    report = verify(source(sqlite_url), processes=2)
    assert (report.facts, report.faults) == (count, [])
    with burglar(sqlite_url) as run:
        hashes = [bytes.fromhex(one) for (one,) in run("SELECT hash FROM fact ORDER BY seq").fetchall()]
        assert report.root == Frontier().with_leaves(hashes).root.hex()
        run("UPDATE fact SET prev_hash = hash WHERE seq = ?", (STRETCH + 1,))
        run("DELETE FROM fact WHERE seq = ?", (STRETCH - 1,))
    found = verify(source(sqlite_url), processes=2).faults
    assert told(found, f"Fact {STRETCH + 1} does not follow")
    assert told(found, f"Fact {STRETCH - 1} is missing")
