"""Nobody audits their own work: what somebody has a hand in, and what stands between them and an audit."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stake:
    """Somebody's own work."""

    person: str
    what: str
    """Completes “they …”: “own DOC-3, which is for clause 8.6.1”."""


def of(person: str, stakes: Iterable[Stake]) -> list[str]:
    """What stands between this person and an audit, each once."""
    return list(dict.fromkeys(one.what for one in stakes if one.person == person))


def owned(person: str | None, what: str) -> list[Stake]:
    return [Stake(person, f"own {what}")] if person else []


def acted(people: Iterable[str], ref: str) -> list[Stake]:
    """Who left a fact on a record that is looked at."""
    return [Stake(one, f"acted in {ref}") for one in people]
