"""A sample that nobody can steer: drawn from a frozen population by the checkpoint's root and the auditor's word.

The root is fixed before the auditor says the word, so that neither side can choose. Anybody can draw it again:

    seed = SHA-256(root as hexadecimal + "\n" + word), as hexadecimal
    rank of a record = SHA-256(seed + "\n" + its reference), as hexadecimal
    the sample is the records with the smallest ranks, in the order of their ranks
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.rules.iso.populations import POPULATIONS, Population
from bot.rules.iso.refusals import NoSuchPopulation, NoWord
from bot.rules.policy_format.hints import nearest

ALGORITHM = "deskbell-sample/1"


@dataclass(frozen=True)
class Member:
    """A record of a population, and the fact that began it."""

    ref: str
    seq: int


@dataclass(frozen=True)
class Sample:
    word: str
    seed: str
    population_hash: str
    drawn: Sequence[str]


def word_of(typed: str) -> str:
    """As it is hashed: composed, and without the blanks around it. Raises NoWord."""
    word = unicodedata.normalize("NFC", typed).strip()
    if not word:
        raise NoWord
    return word


def draw(refs: Sequence[str], root: str, word: str, size: int) -> Sample:
    """All of them, where there are fewer."""
    seed = _digest(f"{root}\n{word}")
    ranked = sorted(refs, key=lambda ref: _digest(f"{seed}\n{ref}"))
    return Sample(word, seed, population_hash(refs), ranked[:size])


def population_hash(refs: Iterable[str]) -> str:
    """SHA-256 of the references, a line each, in the order in which they began."""
    return _digest("".join(f"{ref}\n" for ref in refs))


def moved_in(count: int) -> str:
    """What a sample, or a criterion, says of those that it leaves out."""
    said = "was" if count == 1 else "were"
    return f"{count:,} more {said} moved in from another tool, which is no evidence of this desk."


def population_named(typed: str) -> Population:
    """Raises NoSuchPopulation, which names those that there are."""
    name = "-".join(typed.casefold().replace("_", "-").split())
    if name not in POPULATIONS:
        close = nearest(name, list(POPULATIONS))
        hint = f" Did you mean “{close}”?" if close else ""
        raise NoSuchPopulation(typed=typed, hint=hint, names=", ".join(POPULATIONS))
    return POPULATIONS[name]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
