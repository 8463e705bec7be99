"""Inclusion proofs of facts (RFC 9162, section 2.1.3), with all that a fact's hash covers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.rules.iso.wording import zulu
from storage.iso.frozen import SEQ, Frozen, moment
from storage.journal.check import Row

HASHED = ("seq", "prev_hash", "id", "subject", "kind", "at", "by", "data", "words_commitment", "policy_version")
"""In the order in which a fact's hash covers them; `at` in microseconds since 1970."""


Paths = Mapping[int, Sequence[bytes]]


def paths(frozen: Frozen, rows: Iterable[Row]) -> Paths:
    """Of all of them at once, since the whole tree is hashed for it."""
    return frozen.leaves.paths(row[SEQ] - 1 for row in rows)


def proved(row: Row, known: Paths) -> dict[str, Any]:
    return hashed(row) | {"leaf": row[0], "proof": [one.hex() for one in known[row[SEQ] - 1]]}


def hashed(row: Row) -> dict[str, Any]:
    """What the hash covers, and the time as people read it."""
    kept = dict(zip(HASHED, row[SEQ:], strict=True))
    return {**kept, "at": zulu(moment(kept["at"])), "at_micros": kept["at"]}
