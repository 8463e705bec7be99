"""Journals to tamper with, and what somebody can do who has the database for himself."""

import re
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from records import NOON, fact
from sqlalchemy import make_url

from bot.rules.journal import signing
from bot.rules.record.facts import FactKind
from storage.db.columns import micros
from storage.journal import checkpoints, journal
from storage.journal.leaf_hash import GENESIS, commitment, leaf
from storage.journal.readers import Source
from storage.journal.verification_report import KeptCheckpoint
from storage.journal.verify import verify

SIGNER = signing.signer(signing.new_seed())
FACTS = 5


async def written(database, count=FACTS, now=NOON):
    """Facts on record and sealed, the odd ones with words; the checkpoint over them, where one is due."""
    async with database.begin() as tx:
        for number in range(1, count + 1):
            words = {"summary": f"VPN «{number}» is down"} if number % 2 else {}
            await journal.record(tx, fact(f"INC-{number}", words=words, data={"n": number, "états": ["a", "b"]}))
    return await sealed(database, now)


async def sealed(database, now=NOON):
    async with database.begin() as tx:
        while await journal.seal(tx):
            pass
        return await checkpoints.make(tx, now, SIGNER.sign)


def source(url):
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        return Source(where.database, is_sqlite=True)
    return Source(where.set(drivername="postgresql").render_as_string(hide_password=False), is_sqlite=False)


def faults(url, *remembered, keys=(), processes=None):
    witnesses = [KeptCheckpoint("what was remembered", one) for one in remembered]
    return verify(source(url), witnesses, keys, processes).faults


@contextmanager
def burglar(url):
    """`run(statement, *values)` with every trigger and foreign key out of the way."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            yield connection.execute
    else:
        address = source(url).address
        with psycopg.connect(address) as connection:
            connection.execute("SET session_replication_role = replica")
            yield lambda statement, values=(): connection.execute(statement.replace("?", "%s"), values)


TABLES = ("fact", "fact_words", "checkpoint", "counter")


def alone(url):
    """A SQLite file's bytes with what it has of the journal and nothing else.

    SQLite reads the whole schema with each connection, which took longer than to verify five facts.
    """
    path = Path(make_url(url).database)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if name not in TABLES and not name.startswith("sqlite_"):
                connection.execute(f"DROP TABLE {name}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def copies(content, folder):
    """Makes a file of it, as often as it is called."""

    def copy():
        for old in folder.glob("copy.db*"):
            old.unlink()
        (folder / "copy.db").write_bytes(content)
        return f"sqlite:///{folder / 'copy.db'}"

    return copy


def forge(run, is_sqlite):
    """Recompute every hash from the first fact on, as the sealer would: the chain is whole again."""
    at = "at" if is_sqlite else "(extract(epoch FROM at) * 1000000)::bigint"
    columns = f"id, subject, kind, {at}, by, data, words_commitment, policy_version"
    rows = run(f"SELECT {columns} FROM fact WHERE seq IS NOT NULL ORDER BY seq").fetchall()  # noqa: S608
    run("UPDATE fact SET seq = -seq WHERE seq IS NOT NULL")
    previous = GENESIS
    for seq, row in enumerate(rows, start=1):
        digest = leaf(seq, previous, *row).hex()
        run("UPDATE fact SET seq = ?, prev_hash = ?, hash = ? WHERE id = ?", (seq, previous, digest, row[0]))
        previous = digest
    run("UPDATE counter SET last = ? WHERE noun = 'journal'", (len(rows),))
    run("DELETE FROM checkpoint")


def bulk(path, count, words_each=0):
    """Sealed facts in a SQLite file, sooner than a desk would write them; every so many with words, if any."""
    words, salt = [], "0" * 32

    def rows():
        previous = GENESIS
        for seq in range(1, count + 1):
            committed = None
            if words_each and seq % words_each == 0:
                words.append((seq, salt, f'{{"summary":"VPN {seq} is down in the whole office since this morning"}}'))
                committed = commitment(salt, words[-1][2])
            data = '{"impact":"high","priority":"P1","reporter":"U0REQUESTER","revision":3,"urgency":"high"}'
            kept = (f"INC-{seq // 9}", "incident_opened", micros(NOON) + seq, "U0REQUESTER", data, committed, 1)
            digest = leaf(seq, previous, seq, *kept).hex()
            yield seq, *kept, seq, previous, digest
            previous = digest

    with burglar(f"sqlite:///{path}") as run:
        many = run.__self__.executemany
        run("BEGIN")
        columns = "id, subject, kind, at, by, data, words_commitment, policy_version, seq, prev_hash, hash"
        many(f"INSERT INTO fact ({columns}) VALUES ({', '.join('?' * 11)})", rows())  # noqa: S608
        many("INSERT INTO fact_words (fact_id, salt, words) VALUES (?, ?, ?)", words)
        run("INSERT INTO counter (noun, last) VALUES ('journal', ?)", (count,))
        run("COMMIT")


def told(found, pattern):
    return any(re.search(pattern, one) for one in found)


ERASURE = fact("journal", kind=FactKind.WORDS_ERASED, by="deskbell")
