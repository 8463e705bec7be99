# ruff: noqa: S608 - columns and values of our own, put where a statement takes no parameter
"""Whoever changes, takes out, puts in, moves or cuts off a fact is found out, whatever the place and the database."""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import timedelta

import pytest
from databases import filled, folder, fresh_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journals import ERASURE, FACTS, SIGNER, alone, burglar, copies, faults, forge, sealed, told, written
from records import NOON

from storage.db.database import Database
from storage.journal import journal

COLUMNS = (
    "id",
    "subject",
    "kind",
    "at",
    "by",
    "data",
    "words_commitment",
    "policy_version",
    "seq",
    "prev_hash",
    "hash",
)
CHECKPOINT = ("size", "root", "at", "key", "signature", "frontier")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def desk(request):
    """The URL of a sealed journal, and the checkpoint that was remembered of it."""
    server = request.getfixturevalue(request.param)
    url, point = await filled(server, written)
    yield url, point
    server.drop(url)


@pytest.fixture(scope="module")
def content():
    async def write(url):
        database = Database(url)
        await written(database)
        await database.close()

    with folder() as where:
        url = fresh_sqlite(where)
        asyncio.run(write(url))
        return alone(url)


@pytest.fixture
def copied(content, tmp_path):
    return copies(content, tmp_path)


async def test_a_sealed_journal_verifies(desk):
    url, point = desk
    assert faults(url, point, keys=[SIGNER.public]) == []


def flips(value):
    """The value with each of its bits changed in turn."""
    if isinstance(value, int):
        return [value ^ 1 << bit for bit in range(40)]
    raw = value.encode()
    return [
        raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :] for place in range(len(raw)) for bit in range(8)
    ]


def as_text(flipped):
    """How SQLite is told bytes that are to be text, UTF-8 or not."""
    return "CAST(? AS TEXT)" if isinstance(flipped, bytes) else "?"


MOVES = {("fact", "id"), ("fact_words", "fact_id"), ("checkpoint", "size")}
"""Columns that are SQLite's own rowid."""

TARGETS = [
    *(("fact", column, "seq = 3") for column in COLUMNS),
    *(("fact_words", column, "fact_id = 3") for column in ("fact_id", "salt", "words")),
    *(("checkpoint", column, "size > 0") for column in CHECKPOINT),
    ("counter", "last", "noun = 'journal'"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column", "where"), TARGETS, ids=lambda one: str(one).split()[0])
def test_every_flipped_bit_is_found(copied, table, column, where):
    url, missed = copied(), []
    with burglar(url) as run:
        [(rowid, before)] = run(f"SELECT rowid, {column} FROM {table} WHERE {where}").fetchall()
        for flipped in flips(before):
            with suppress(sqlite3.IntegrityError):  # the database itself will not have it
                run(f"UPDATE {table} SET {column} = {as_text(flipped)} WHERE rowid = {rowid}", (flipped,))
                at = flipped if (table, column) in MOVES else rowid
                missed += [] if faults(url, keys=[SIGNER.public]) else [flipped]
                run(f"UPDATE {table} SET {column} = ? WHERE rowid = {at}", (before,))
    assert missed == []
    assert faults(url, keys=[SIGNER.public]) == []


@pytest.mark.parametrize(("table", "column", "where"), TARGETS, ids=lambda one: str(one).split()[0])
async def test_a_changed_value_is_found_on_either_database(desk, table, column, where):
    url, _ = desk
    with burglar(url) as run:
        before = run(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0]
        if isinstance(before, str):
            other = before[:-1] + ("0" if before[-1] != "0" else "1")
        else:
            other = before + 1 if isinstance(before, int) else before.replace(microsecond=1)
        if column in ("seq", "id"):
            other = 77
        run(f"UPDATE {table} SET {column} = ? WHERE {where}", (other,))
    assert faults(url, keys=[SIGNER.public])


@pytest.mark.parametrize("column", ["words_commitment", "prev_hash", "hash", "seq"])
async def test_a_value_that_was_wiped_is_found(desk, column):
    url, _ = desk
    with burglar(url) as run:
        run(f"UPDATE fact SET {column} = NULL WHERE seq = 3")
    assert faults(url)


@pytest.mark.parametrize("value", ["'1'", "1.0", "x'31'", "' 1'", "'1,1'"])
def test_a_value_of_another_type_does_not_pass(copied, value):
    """SQLite keeps in a column whatever it is given, where it cannot be converted."""
    url = copied()
    with burglar(url) as run:
        run(f"UPDATE fact SET policy_version = {value} WHERE seq = 2")
        kept = run("SELECT typeof(policy_version) FROM fact WHERE seq = 2").fetchone()[0]
    assert bool(faults(url)) is (kept != "integer")


async def test_a_character_of_the_words_cannot_pass_for_one_of_the_salt(desk):
    url, _ = desk
    with burglar(url) as run:
        salt, words = run("SELECT salt, words FROM fact_words WHERE fact_id = 3").fetchone()
        first, _, rest = words.partition(":")
        run("UPDATE fact_words SET salt = ?, words = ? WHERE fact_id = 3", (f"{salt}:{first}", rest))
    assert told(faults(url), "words of fact 3")


@pytest.mark.parametrize("seq", range(1, FACTS + 1))
async def test_a_deleted_fact_is_found(desk, seq):
    url, _ = desk
    with burglar(url) as run:
        run("DELETE FROM fact_words WHERE fact_id = ?", (seq,))
        run("DELETE FROM fact WHERE seq = ?", (seq,))
    expected = f"Fact {seq} is missing" if seq < FACTS else f"The journal ends at fact {seq - 1}, but {seq} were"
    assert told(faults(url), expected)


@pytest.mark.parametrize("seq", range(1, FACTS + 2))
@pytest.mark.parametrize("shift", [True, False])
async def test_an_inserted_fact_is_found(desk, seq, shift):
    """Between the others, or with the others moved up to make room; at the end, with the counter told."""
    url, _ = desk
    with burglar(url) as run:
        run("UPDATE fact SET seq = -seq - 1 WHERE seq >= ?", (seq,))
        run("UPDATE fact SET seq = -seq WHERE seq < 0")
        run(
            "INSERT INTO fact (id, subject, kind, at, by, data, policy_version, seq, prev_hash, hash) "
            "SELECT 99, subject, kind, at, by, data, policy_version, CAST(? AS INTEGER), prev_hash, hash "
            "FROM fact WHERE id = 2",
            (seq,),
        )
        if shift:
            run("UPDATE counter SET last = last + 1 WHERE noun = 'journal'")
    assert faults(url)


@pytest.mark.parametrize(("one", "other"), [(a, b) for a in range(1, FACTS + 1) for b in range(a + 1, FACTS + 1)])
@pytest.mark.parametrize("what", ["seq", "seq, prev_hash, hash"])
async def test_facts_that_changed_places_are_found(desk, one, other, what):
    url, _ = desk
    with burglar(url) as run:
        seals = {
            seq: run("SELECT seq, prev_hash, hash FROM fact WHERE id = ?", (seq,)).fetchone() for seq in (one, other)
        }
        run("UPDATE fact SET seq = -seq WHERE id IN (?, ?)", (one, other))
        for fact_id, seal in ((one, seals[other]), (other, seals[one])):
            run("UPDATE fact SET seq = ? WHERE id = ?", (seal[0], fact_id))
            if what != "seq":
                run("UPDATE fact SET prev_hash = ?, hash = ? WHERE id = ?", (*seal[1:], fact_id))
    assert faults(url)


@pytest.mark.parametrize("left", range(FACTS))
async def test_a_cut_tail_is_found_even_if_the_counter_and_the_checkpoints_were_cut_too(desk, left):
    url, point = desk
    with burglar(url) as run:
        run("DELETE FROM fact_words WHERE fact_id > ?", (left,))
        run("DELETE FROM fact WHERE seq > ?", (left,))
    assert told(faults(url), f"ends at fact {left}, but 5 were sealed")
    with burglar(url) as run:
        run("UPDATE counter SET last = ? WHERE noun = 'journal'", (left,))
    assert told(faults(url), f"ends at fact {left}, but the checkpoint .* counted 5: the last {FACTS - left} were cut")
    with burglar(url) as run:
        run("DELETE FROM checkpoint")
    assert faults(url) == [], "nothing in the database tells of them any more"
    assert told(faults(url, point), f"the last {FACTS - left} were cut off")


async def test_a_chain_that_was_recomputed_is_found_by_the_checkpoint_that_was_remembered(desk):
    url, point = desk
    with burglar(url) as run:
        run("UPDATE fact SET by = 'U9' WHERE seq = 2")
        forge(run, url.startswith("sqlite"))
    assert faults(url) == [], "by itself it is whole"
    [fault] = faults(url, point)
    assert "among facts 1 to 5 at least one is another" in fault


async def test_checkpoints_tell_between_which_of_them_it_happened(database, database_url):
    points = [await written(database, 2, NOON + timedelta(hours=number)) for number in range(3)]
    await database.close()
    with burglar(database_url) as run:
        run("UPDATE fact SET by = 'U9' WHERE seq = 4")
        forge(run, database_url.startswith("sqlite"))
    [fault] = faults(database_url, *points)
    assert "among facts 3 to 4 at least one is another" in fault
    assert "1 more of what was remembered do not fit either" in fault


async def test_words_that_were_taken_away_are_told_from_words_that_were_erased(database, database_url):
    await written(database)
    async with database.begin() as tx:
        assert await journal.erase(tx, [1, 2, 3], ERASURE) == 2, "one of them had none"
    assert faults(database_url) == []
    await sealed(database)
    assert faults(database_url) == []
    with burglar(database_url) as run:
        run("DELETE FROM fact_words WHERE fact_id = 5")
    assert faults(database_url) == ["The words of fact 5 are gone, and no erasure is on record."]
    await database.close()


async def test_words_without_a_fact_or_a_commitment_are_found(desk):
    url, _ = desk
    with burglar(url) as run:
        run("INSERT INTO fact_words (fact_id, salt, words) VALUES (2, 'aa', '{}')")
        run("INSERT INTO fact_words (fact_id, salt, words) VALUES (99, 'aa', '{}')")
    found = faults(url)
    assert told(found, "words of fact 2 .* not those")
    assert told(found, "fact id 99, which is not there")


async def test_a_checkpoint_that_lost_its_signature_is_found(desk):
    url, _ = desk
    with burglar(url) as run:
        run("UPDATE checkpoint SET signature = NULL")
    assert told(faults(url, keys=[SIGNER.public]), "not signed by the key")


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_text_in_any_column_is_told_from_what_was_there(copied, data):
    url = copied()
    column = data.draw(st.sampled_from(["subject", "kind", "by", "data", "words_commitment", "prev_hash", "hash"]))
    seq = data.draw(st.integers(1, FACTS))
    text = data.draw(st.text(st.characters(codec="utf-8")))
    with burglar(url) as run:
        before = run(f"SELECT {column} FROM fact WHERE seq = {seq}").fetchone()[0]
        run(f"UPDATE fact SET {column} = ? WHERE seq = {seq}", (text,))
    assert bool(faults(url)) is (text != before)
