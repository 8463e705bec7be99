"""The journal up to a checkpoint, held to its root: which records had begun by then."""

import json
from array import array
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rules.iso.populations import POPULATIONS
from bot.rules.iso.refusals import BrokenTree
from bot.rules.iso.sampling import Member
from bot.rules.journal import merkle
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.record.refs import Noun
from bot.rules.report.measures.spans import imported_at
from bot.rules.report.periods import Period
from storage.iso.leaves import Leaves
from storage.journal.check import STRETCH, Row
from storage.journal.leaf_hash import leaf
from storage.journal.readers import EPOCH, Reading

SEQ, SUBJECT, KIND, AT, DATA = 3, 6, 7, 8, 10
"""Where these stand in a row."""


_MOVES_IN = {str(one.moved_in): name for name, one in POPULATIONS.items() if one.moved_in}


@dataclass
class Began:
    """The records of a population in the order in which they began; the first fact counts."""

    noun: Noun
    seen: set[int] = field(default_factory=set)
    rows: "array[int]" = field(default_factory=lambda: array("q"))
    """Of each its number, the place of the fact, and the microseconds."""

    def note(self, number: int, seq: int, at: int) -> None:
        if number not in self.seen:
            self.seen.add(number)
            self.rows.extend((number, seq, at))

    def within(self, period: Period) -> Sequence[Member]:
        threes = zip(*(self.rows[first::3] for first in range(3)), strict=True)
        return [Member(f"{self.noun}-{number}", seq) for number, seq, at in threes if period.has(moment(at))]


@dataclass
class Frozen:
    """What the first facts say, as a checkpoint counts them."""

    point: Checkpoint
    leaves: Leaves = field(default_factory=Leaves)
    began: Mapping[str, Began] = field(
        default_factory=lambda: {name: Began(one.noun) for name, one in POPULATIONS.items()}
    )
    """By population."""
    imported: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """By population, the records that were moved in, and when each began in the other tool."""
    facts: dict[str, list[Row]] = field(default_factory=dict)
    """By subject, of those that were asked for."""
    active: dict[str, set[int]] = field(default_factory=dict)
    """Numbers by noun, of those that anything happened to in the period that was asked for."""

    def members(self, population: str, period: Period) -> Sequence[Member]:
        """Those that began in the period, in the order in which they began."""
        return self.began[population].within(period)

    def moved_in(self, population: str, period: Period) -> Sequence[str]:
        """Those that began in the period in another tool: they are no members."""
        return [ref for ref, at in self.imported.get(population, {}).items() if period.has(at)]


def read(rows: Iterable[Row], point: Checkpoint, keep: Collection[str] = (), within: Period | None = None) -> Frozen:
    """Reads as far as the checkpoint counts. Raises BrokenTree.

    `keep`: subjects whose facts are wanted; `within`: the period whose records are.
    """
    found = Frozen(point)
    opens: Mapping[str, Sequence[str]] = _openings()
    frontier = merkle.Frontier()
    for row in rows:
        number = len(found.leaves) + 1
        if number > point.size:
            break
        digest = _leaf(row)
        if digest is None or row[SEQ] != number or digest.hex() != row[0]:
            raise BrokenTree(size=point.size)
        found.leaves.append(digest)
        _note(found, row, opens)
        if within is not None and within.has(moment(row[AT])):
            noun, _, number = row[SUBJECT].partition("-")
            if number.isdecimal():
                found.active.setdefault(noun, set()).add(int(number))
        if row[SUBJECT] in keep:
            found.facts.setdefault(row[SUBJECT], []).append(row)
    frontier = frontier.with_leaves(found.leaves)
    if frontier.size != point.size or frontier.root.hex() != point.root:
        raise BrokenTree(size=point.size)
    return found


def rows_of(reading: Reading, size: int) -> Generator[Row, None, None]:
    """To be closed before the reading is, also where the tree turns out to be broken."""
    for first in range(1, size + 1, STRETCH):
        yield from reading.rows(first, min(first + STRETCH - 1, size))


def moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _note(found: Frozen, row: Row, opens: Mapping[str, Sequence[str]]) -> None:
    for name in opens.get(row[KIND], ()):
        noun, _, number = row[SUBJECT].partition("-")
        if noun == found.began[name].noun and number.isdecimal():
            found.began[name].note(int(number), row[SEQ], row[AT])
    if row[KIND] in _MOVES_IN:
        times = imported_at(json.loads(row[DATA]))
        found.imported.setdefault(_MOVES_IN[row[KIND]], {})[row[SUBJECT]] = times[0] if times else moment(row[AT])


def _openings() -> Mapping[str, Sequence[str]]:
    """Names of populations by the fact that begins one of theirs."""
    found: dict[str, list[str]] = {}
    for one in POPULATIONS.values():
        for kind in one.opened:
            found.setdefault(kind, []).append(one.name)
    return found


def _leaf(row: Row) -> bytes | None:
    try:
        return leaf(*row[SEQ:])
    except (TypeError, ValueError):
        return None
