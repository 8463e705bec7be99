"""The journal as a file: JSON Lines, a line a fact; anybody can read it, and check it without a database.

First a line that says how many facts follow and whether their words are with them, then checkpoints, then the facts.
Every character counts: a line that says the same in other characters is not as it was exported.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bot.rules.journal.checkpoints import Checkpoint, found_in
from bot.rules.record.facts import FactKind
from storage.db.columns import micros
from storage.journal.check import STRETCH, Row, check
from storage.journal.readers import EPOCH, Source, Unreadable
from storage.journal.verification_report import KeptCheckpoint, Report, Verifier

if TYPE_CHECKING:
    from bot.rules.journal.signing import Public

FORMAT = 1
SEALS = ("hash", "words", "salt", "seq", "prev_hash")
KEPT = ("id", "subject", "kind", "at", "by", "data", "words_commitment", "policy_version")
FIELDS = ("seq", *KEPT, "prev_hash", "hash")
WORDS = ("salt", "words")
NONE: Row = (None,) * (len(SEALS) + len(KEPT))

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def write(source: Source, out: IO[str], *, words: bool) -> int:
    """Writes what is sealed and returns how many facts that was. Raises Unreadable."""
    with source.opened() as reading:
        last = reading.last()
        out.write(_line({"deskbell_journal": FORMAT, "facts": last, "words": words}))
        out.writelines(_line({"checkpoint": one.point.line}) for one in reading.checkpoints())
        for first in range(1, last + 1, STRETCH):
            for row in reading.rows(first, min(first + STRETCH - 1, last)):
                out.write(_line(_told(row, words=words)))
    return last


def verify(path: Path, remembered: Sequence[KeptCheckpoint] = (), keys: Sequence["Public"] = ()) -> Report:
    """Raises Unreadable for what is no export of a journal."""
    try:
        with path.open("rb") as file:
            return _verified(file, remembered, keys)
    except OSError as fault:
        raise Unreadable(f"{path} cannot be read: {fault.strerror}.") from fault


def checkpoints(path: Path) -> list[Checkpoint]:
    """Those that stand in an export. Raises Unreadable."""
    with path.open("rb") as file:
        _heading(file.readline())
        return _checkpoints(file)[0]


def facts(path: Path) -> Iterator[Row]:
    """The facts of an export as rows of the journal. Raises Unreadable."""
    with path.open("rb") as file:
        _, words = _heading(file.readline())
        _, first, _ = _checkpoints(file)
        yield from _rows(first, file, words=words)


def _verified(file: IO[bytes], remembered: Sequence[KeptCheckpoint], keys: Sequence["Public"]) -> Report:
    last, words = _heading(file.readline())
    points, fact, damaged = _checkpoints(file)
    judge = Verifier(last, [*(KeptCheckpoint("the export", one) for one in points), *remembered], keys)
    rows = _rows(fact, file, words=words)
    for first, sizes in zip(range(1, last + 1, STRETCH), judge.sizes, strict=True):
        end = min(first + STRETCH - 1, last)
        judge.take(check(islice(rows, end - first + 1), first, end, sizes, FactKind.WORDS_ERASED))
    report = judge.verdict(with_words=words)
    report.faults += damaged
    if more := sum(1 for _ in rows):
        report.faults.append(f"{more} lines stand after the last fact.")
    return report


def _heading(line: bytes) -> tuple[int, bool]:
    try:
        told = json.loads(line)
        facts, words = int(told["facts"]), bool(told["words"])
        whole = _line({"deskbell_journal": FORMAT, "facts": facts, "words": words}).encode() == line
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        whole = False
    if not whole:
        raise Unreadable("The file does not begin as an export of a journal does.")
    return facts, words


def _checkpoints(file: IO[bytes]) -> tuple[list[Checkpoint], bytes, list[str]]:
    """The checkpoints, the line after them, and what is wrong with them."""
    points, damaged = list[Checkpoint](), list[str]()
    while (line := file.readline()).startswith(b'{"checkpoint"'):
        found = list(found_in(line.decode(errors="replace")))
        if [_line({"checkpoint": one.line}).encode() for one in found] == [line]:
            points += found
        else:
            damaged.append(f"Checkpoint {len(points) + len(damaged) + 1} is not as it was exported.")
    return points, line, damaged


def _rows(first: bytes, file: IO[bytes], *, words: bool) -> Iterator[Row]:
    """A line that is not as it was written stands for a fact that is not."""
    for number, line in enumerate(_with(first, file), start=1):
        try:
            fact = json.loads(line)
            row = _row(fact)
            whole = _line(_told(row, words=words)).encode() == line
        except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
            whole = False
        yield row if whole else (*NONE[:3], number, *NONE[4:])


def _with(first: bytes, file: IO[bytes]) -> Iterator[bytes]:
    if first:
        yield first
        yield from file


def _told(row: Row, *, words: bool) -> dict[str, Any]:
    given = dict(zip((*SEALS, *KEPT), row, strict=True))
    told = {name: given[name] for name in (*FIELDS, *WORDS)} if words else {name: given[name] for name in FIELDS}
    told["at"] = f"{EPOCH + timedelta(microseconds=given['at']):%Y-%m-%dT%H:%M:%S.%fZ}"
    return told | {name: _opened(told[name]) for name in ("data", "words") if name in told}


def _row(fact: dict[str, Any]) -> Row:
    given = {"salt": None, "words": None} | fact
    given["at"] = micros(datetime.fromisoformat(fact["at"]))
    given |= {name: _closed(given[name]) for name in ("data", "words")}
    return [given[name] for name in (*SEALS, *KEPT)]


def _opened(text: str | None) -> Any:
    """JSON as JSON where it is written canonically, so that it can be queried; else as the text that was hashed."""
    try:
        value = json.loads(text or "null")
        return value if isinstance(value, dict) and _closed(value) == text else text
    except (ValueError, RecursionError):
        return text


def _closed(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if isinstance(value, dict)
        else value
    )


def _line(value: dict[str, Any]) -> str:
    return f"{_encode(value)}\n"
