"""One tree of causes, said in three ways: five whys, a fishbone, contributing factors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CauseStatus(StrEnum):
    SUPPOSED = "supposed"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled out"


class CausesView(StrEnum):
    """How a tree of causes is drawn."""

    FISHBONE = "fishbone"
    WHYS = "whys"
    FACTORS = "factors"

    @property
    def label(self) -> str:
        return {"fishbone": "Fishbone", "whys": "Five whys", "factors": "Contributing factors"}[self.value]


class Cause(Protocol):
    number: int
    under: int | None
    category: str
    statement: str
    status: str
    evidence: str


@dataclass(frozen=True)
class Why:
    """One “why” of the tree."""

    cause: Cause
    depth: int

    @property
    def is_dashed(self) -> bool:
        """Nothing shows it yet."""
        return not self.cause.evidence


def whys(causes: Sequence[Cause]) -> list[Why]:
    """Depth first: each cause behind what it explains."""
    return list(_below(causes, None, 0))


def _below(causes: Sequence[Cause], under: int | None, depth: int) -> Iterable[Why]:
    for one in causes:
        if one.under == under:
            yield Why(one, depth)
            yield from _below(causes, one.number, depth + 1)


def bones(causes: Sequence[Cause], categories: Iterable[str]) -> dict[str, list[Cause]]:
    """By category of the first level, in the policy's order; what stands below belongs to its bone."""
    tops = {one.number: one for one in causes}

    def top(one: Cause) -> Cause:
        while one.under is not None and one.under in tops:
            one = tops[one.under]
        return one

    found: dict[str, list[Cause]] = {name: [] for name in categories}
    for one in causes:
        found.setdefault(top(one).category, []).append(one)
    return {name: those for name, those in found.items() if those}


def roots(causes: Sequence[Cause]) -> list[Cause]:
    """Confirmed, and nothing confirmed explains them: more than one root is allowed."""
    confirmed = _confirmed(causes)
    explained = {one.under for one in confirmed}
    return [one for one in confirmed if one.number not in explained]


def contributing(causes: Sequence[Cause]) -> list[Cause]:
    """Confirmed, and not a root."""
    found = {one.number for one in roots(causes)}
    return [one for one in _confirmed(causes) if one.number not in found]


def _confirmed(causes: Sequence[Cause]) -> list[Cause]:
    return [one for one in causes if one.status == CauseStatus.CONFIRMED]
