"""A stretch of the journal held to its hashes. Imports little: the processes that verify start with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rules.journal import merkle
from storage.journal.leaf_hash import SALT_DIGITS, commitment, leaf

STRETCH_HEIGHT = 14
STRETCH = 1 << STRETCH_HEIGHT
"""Facts that are checked in one go: a perfect subtree's worth."""

ABSENT = bytes(merkle.HASH_BYTES)
"""Stands in the tree for a fact that is not there; nothing hashes to it."""

MOST_FAULTS = 100
"""Told of one stretch; whoever reads them has understood by then."""

Row = Sequence[Any]
"""hash, words, salt, and then what `journal_hashing.leaf` takes."""


@dataclass
class Found:
    """What came of a stretch."""

    first: int
    begins_after: str | None = None
    """The prev_hash of its first fact; None where that is missing."""
    ends_with: str | None = None
    """The hash of its last one."""
    faults: list[str] = field(default_factory=list)
    wordless: list[tuple[int, int]] = field(default_factory=list)
    """Place and id of facts whose words are gone."""
    erased: list[str] = field(default_factory=list)
    """The data of those that say which words were erased."""
    trees: dict[int, list[tuple[bytes, int]]] = field(default_factory=dict)
    """Perfect subtrees up to each size that was asked for, and up to the end."""

    def fault(self, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)


def check(rows: Iterable[Row], first: int, last: int, sizes: Iterable[int] = (), erasure: str = "") -> Found:
    """Facts `first` to `last`, of which `first - 1` is a multiple of STRETCH; `sizes` of trees that end among them.

    `erasure` is the kind of fact that says which words were erased.
    """
    found, leaves = Found(first), list[bytes]()
    expected, previous = first, None
    for digest, words, salt, *kept in rows:
        seq, prev_hash, committed = kept[0], kept[1], kept[8]
        if seq != expected:
            found.fault(_gap(expected, seq))
            leaves += [ABSENT] * min(max(seq - expected, 0), last - first)
        elif prev_hash != previous and previous is not None:
            found.fault(f"Fact {seq} does not follow from the one before it.")
        if seq == first:
            found.begins_after = prev_hash
        try:
            computed = leaf(*kept)
        except (TypeError, ValueError):
            computed = ABSENT
        leaves.append(computed)
        if computed.hex() != digest:
            found.fault(f"Fact {seq} ({kept[4]} of {kept[3]}) is not as it was sealed.")
        if words is not None or salt is not None:
            if not _committed(salt, words, committed):
                found.fault(f"The words of fact {seq} ({kept[4]} of {kept[3]}) are not those that were typed.")
        elif committed is not None:
            found.wordless.append((seq, kept[2]))
        if kept[4] == erasure:
            found.erased.append(kept[7])
        expected, previous = seq + 1, digest
    found.ends_with = previous
    if expected <= last:
        found.fault(_cut(expected, last))
        leaves += [ABSENT] * (last + 1 - expected)
    tree = merkle.levels(leaves[: last - first + 1])
    found.trees = {size: merkle.subtrees(tree, size - first + 1) for size in {*sizes, last}}
    return found


def unsealed_faults(rows: Iterable[Row]) -> list[str]:
    """What is wrong with facts that wait for the sealer: little is known of them but their words."""
    found = []
    for digest, words, salt, _, prev_hash, fact, *kept in rows:
        if digest is not None or prev_hash is not None:
            found.append(f"Fact id {fact} carries a hash and has no place in the journal.")
        if (words is not None or salt is not None) and not _committed(salt, words, kept[5]):
            found.append(f"The words of fact id {fact}, not sealed yet, are not those that were typed.")
    return found


def _committed(salt: Any, words: Any, committed: str | None) -> bool:
    """The salt's length is held fast, so that no character of the words can pass for one of the salt."""
    try:
        return len(salt) == SALT_DIGITS and commitment(salt, words) == committed
    except (TypeError, ValueError):
        return False


def _gap(expected: int, seq: int) -> str:
    if seq < expected:
        return f"Fact {seq} stands where fact {expected} should."
    return _cut(expected, seq - 1)


def _cut(first: int, last: int) -> str:
    return f"Fact {first} is missing." if first == last else f"Facts {first} to {last} are missing."
