"""What a large import needs while it is judged: on the disk, so that memory does not grow with the file."""

import pickle
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from typing import Any, Generic, TypeVar

T = TypeVar("T")

AT_ONCE = 100
"""Rows that are written as one."""
CACHE_KIB = 4096
_TABLES = """
CREATE TABLE batch (shelf INTEGER, place INTEGER, body BLOB, PRIMARY KEY (shelf, place)) WITHOUT ROWID;
CREATE TABLE numbered (shelf INTEGER, number INTEGER, body BLOB, PRIMARY KEY (shelf, number)) WITHOUT ROWID;
CREATE TABLE said (shelf INTEGER, text BLOB, place INTEGER, number INTEGER, PRIMARY KEY (shelf, text, place))
    WITHOUT ROWID;
"""


class OnDisk:
    """A database without a name: SQLite writes what its cache has no room for to a file that nobody else can open, and
    that is gone with it. What it holds is in the order of its numbers."""

    def __init__(self) -> None:
        # Whoever plans works from one thread at a time, which need not be the one that it began on.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA cache_size=-{CACHE_KIB}; {_TABLES} BEGIN")
        self._shelf = count(1)

    def rows(self, pack: Callable[[T], Any], unpack: Callable[[Any], T]) -> "_Rows[T]":
        return _Rows(self._database, next(self._shelf), pack, unpack)

    def numbered(self) -> "_Numbered":
        return _Numbered(self._database, next(self._shelf))

    def texts(self) -> "_Texts":
        return _Texts(self._database, next(self._shelf))


class _Rows(Generic[T]):
    def __init__(
        self, database: sqlite3.Connection, shelf: int, pack: Callable[[T], Any], unpack: Callable[[Any], T]
    ) -> None:
        self._database, self._shelf, self._pack, self._unpack = database, shelf, pack, unpack
        self._waiting: list[Any] = []
        self._count = 0

    def append(self, one: T, /) -> None:
        self._waiting.append(self._pack(one))
        self._count += 1
        if len(self._waiting) == AT_ONCE:
            row = (self._shelf, self._count, _packed(self._waiting))
            self._database.execute("INSERT INTO batch VALUES (?, ?, ?)", row)
            self._waiting = []

    def __iter__(self) -> Iterator[T]:
        found = self._database.execute("SELECT body FROM batch WHERE shelf = ? ORDER BY place", (self._shelf,))
        for (body,) in found:
            yield from map(self._unpack, _unpacked(body))
        yield from map(self._unpack, self._waiting)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, which: slice, /) -> Sequence[T]:
        return list(islice(self, which.start, which.stop, which.step))


class _Numbered:
    def __init__(self, database: sqlite3.Connection, shelf: int) -> None:
        self._database, self._shelf = database, shelf

    def __setitem__(self, number: int, one: Any, /) -> None:
        row = (self._shelf, number, _packed(one))
        self._database.execute("INSERT OR REPLACE INTO numbered VALUES (?, ?, ?)", row)

    def __getitem__(self, number: int, /) -> Any:
        found = self._body(number)
        if found is None:
            raise KeyError(number)
        return _unpacked(found[0])

    def __contains__(self, number: object, /) -> bool:
        return self._body(number) is not None

    def get(self, number: int, /) -> Any | None:
        found = self._body(number)
        return None if found is None else _unpacked(found[0])

    def values(self) -> Iterator[Any]:
        found = self._database.execute("SELECT body FROM numbered WHERE shelf = ? ORDER BY number", (self._shelf,))
        return (_unpacked(body) for (body,) in found)

    def _body(self, number: object) -> Any:
        asked = (self._shelf, number)
        return self._database.execute("SELECT body FROM numbered WHERE shelf = ? AND number = ?", asked).fetchone()


class _Texts:
    def __init__(self, database: sqlite3.Connection, shelf: int) -> None:
        self._database, self._shelf, self._place = database, shelf, count()

    def add(self, text: str, number: int) -> None:
        row = (self._shelf, _bytes(text), next(self._place), number)
        self._database.execute("INSERT INTO said VALUES (?, ?, ?, ?)", row)

    def __getitem__(self, text: str) -> list[int]:
        asked = (self._shelf, _bytes(text))
        found = self._database.execute("SELECT number FROM said WHERE shelf = ? AND text = ? ORDER BY place", asked)
        return [number for (number,) in found]


def _bytes(text: str) -> bytes:
    """Half of a pair of surrogates is no text for SQLite."""
    return text.encode("utf-8", "surrogatepass")


def _packed(value: Any) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _unpacked(body: bytes) -> Any:
    return pickle.loads(body)  # noqa: S301  # this process has packed it, into a file that no other can open
