"""Inclusion proofs of facts (RFC 9162, section 2.1.3), with all that a fact's hash covers."""

from collections.abc import Iterable
from typing import Any

from bot.rules.iso.wording import zulu
from bot.rules.journal import merkle
from storage.iso.frozen import SEQ, Frozen, moment
from storage.journal.check import Row

HASHED = ("seq", "prev_hash", "id", "subject", "kind", "at", "by", "data", "words_commitment", "policy_version")
"""In the order in which a fact's hash covers them; `at` in microseconds since 1970."""


def of(frozen: Frozen, tree: merkle.Levels, subjects: Iterable[str]) -> list[dict[str, Any]]:
    return [proved(row, tree) for subject in subjects for row in frozen.facts.get(subject, ())]


def proved(row: Row, tree: merkle.Levels) -> dict[str, Any]:
    return hashed(row) | {"leaf": row[0], "proof": [one.hex() for one in merkle.path(tree, row[SEQ] - 1)]}


def hashed(row: Row) -> dict[str, Any]:
    """What the hash covers, and the time as people read it."""
    kept = dict(zip(HASHED, row[SEQ:], strict=True))
    return {**kept, "at": zulu(moment(kept["at"])), "at_micros": kept["at"]}
