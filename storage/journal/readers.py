"""The journal read past the ORM, and read only: a million facts in seconds. For `audit verify` and `audit export`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.rules.journal.checkpoints import Checkpoint
from storage.journal.check import Row
from storage.journal.verification_report import KeptCheckpoint

_ROWS = (
    "SELECT f.hash, w.words, w.salt, f.seq, f.prev_hash, "
    "f.id, f.subject, f.kind, {at}, f.by, f.data, f.words_commitment, f.policy_version "
    "FROM fact f LEFT JOIN fact_words w ON w.fact_id = f.id WHERE "
)
_SEALED = _ROWS + "f.seq BETWEEN {mark} AND {mark} ORDER BY f.seq"
_UNSEALED = _ROWS + "f.seq IS NULL ORDER BY f.id"
_BEYOND = "SELECT seq FROM fact WHERE seq < 1 OR seq > {mark} ORDER BY seq LIMIT 20"
_LATER = (
    "SELECT data FROM fact WHERE seq > {mark} AND kind = {mark} "
    "UNION ALL SELECT data FROM fact WHERE seq IS NULL AND kind = {mark}"
)
_SAID = "SELECT last FROM counter WHERE noun = 'journal'"
_SEALS = "SELECT count(seq) FROM fact"
_LAST = "SELECT max(seq) FROM fact WHERE seq <= {mark}"
_ORPHANS = "SELECT w.fact_id FROM fact_words w LEFT JOIN fact f ON f.id = w.fact_id WHERE f.id IS NULL LIMIT 20"
_CHECKPOINTS = "SELECT size, root, {at}, key, signature, frontier FROM checkpoint f ORDER BY size"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Unreadable(Exception):
    """The journal cannot be read; the message says why."""


@dataclass(frozen=True)
class Source:
    """A database, by what its driver takes: a file's path, or a server's address."""

    address: str
    is_sqlite: bool

    @contextmanager
    def opened(self) -> Iterator["Reading"]:
        """Raises Unreadable."""
        if self.is_sqlite:
            with closing(_sqlite(self.address)) as connection:
                connection.isolation_level = None
                connection.execute("BEGIN")  # one snapshot, whatever is sealed meanwhile
                yield Reading(connection, "?", "f.at")
        else:
            with _postgres(self.address) as connection:
                yield Reading(connection, "%s", "(extract(epoch FROM f.at) * 1000000)::bigint")


@dataclass(frozen=True)
class Reading:
    """One open connection. Statements differ only in how they mark a value and tell a moment."""

    connection: Any
    mark: str
    at: str

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """Raises sqlite3.OperationalError where a text is not UTF-8, unless `tolerantly` was said."""
        return iter(self._all(_SEALED, first, last))

    def tolerantly(self) -> "Reading":
        """Text that is not UTF-8, which only SQLite keeps, is read as something that hashes to nothing."""
        if isinstance(self.connection, sqlite3.Connection):
            self.connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
        return self

    def unsealed(self) -> list[Row]:
        return list(self._all(_UNSEALED))

    def later(self, last: int, kind: str) -> list[str]:
        """The data of facts of a kind that were sealed after `last`, or not yet."""
        return [data for (data,) in self._all(_LATER, last, kind, kind)]

    def beyond(self, last: int) -> list[int]:
        return [seq for (seq,) in self._all(_BEYOND, last)]

    def orphans(self) -> list[int]:
        return [fact for (fact,) in self._all(_ORPHANS)]

    def checkpoints(self) -> list[KeptCheckpoint]:
        """Those that the database itself keeps."""
        return [
            KeptCheckpoint("the database", Checkpoint(size, root, _moment(at), key, signature), frontier)
            for size, root, at, key, signature, frontier in self._all(_CHECKPOINTS)
        ]

    def said(self) -> int:
        """How many facts the sealer has counted."""
        return self._number(_SAID)

    def last(self) -> int:
        """The place of the last fact that is there. One that stands far beyond all others is none of the journal's."""
        return self._number(_LAST, 2 * self._number(_SEALS))

    def _number(self, query: str, *values: int) -> int:
        row = self._all(query, *values).fetchone()
        return int(row[0]) if row and row[0] else 0

    def _all(self, query: str, *values: int | str) -> Any:
        return self.connection.execute(query.format(mark=self.mark, at=self.at), values)


def _moment(at: int) -> datetime:
    """What is no moment of ours is one that no checkpoint was made at."""
    try:
        return EPOCH + at * _MICROSECOND
    except (TypeError, OverflowError):
        return EPOCH


def _sqlite(path: str) -> sqlite3.Connection:
    """Of a folder that cannot be written to, such as an auditor's copy, as a file that nobody changes meanwhile."""
    if not Path(path).is_file():
        raise Unreadable(f"There is no database at {path}.")
    uri = f"file:{quote(str(Path(path).resolve()))}?mode=ro"
    try:
        return _looked_into(sqlite3.connect(uri, uri=True))
    except sqlite3.OperationalError as fault:
        log = Path(f"{path}-wal")
        if log.exists() and log.stat().st_size:
            raise Unreadable(f"{path} cannot be read: {fault}.") from fault
    try:
        return _looked_into(sqlite3.connect(f"{uri}&immutable=1", uri=True))
    except sqlite3.Error as fault:
        raise Unreadable(f"{path} cannot be read: {fault}.") from fault


def _looked_into(connection: sqlite3.Connection) -> sqlite3.Connection:
    """SQLite finds out at the first statement what it cannot read."""
    try:
        connection.execute(_SAID).fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _postgres(address: str) -> Iterator[Any]:
    import psycopg

    try:
        with psycopg.connect(address) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.cursor(binary=True) as cursor:
                yield cursor
    except psycopg.Error as fault:
        raise Unreadable(f"The database cannot be read: {str(fault).splitlines()[0]}.") from fault
