"""What happened when, in the order in which it must have happened. What is not known is unknown, and never 0."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.rules.record.text import spell


class Milestone(StrEnum):
    """In their order."""

    STARTED = "started"
    DETECTED = "detected"
    DECLARED = "declared"
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    RESOLVED = "resolved"

    @property
    def label(self) -> str:
        return {
            Milestone.STARTED: "Started: it began to go wrong",
            Milestone.DETECTED: "Detected: somebody or something noticed",
            Milestone.DECLARED: "Declared a major incident",
            Milestone.MITIGATED: "Mitigated: it hurt less",
            Milestone.RECOVERED: "Recovered: it worked again",
            Milestone.RESOLVED: "Resolved",
        }[self]


@dataclass(frozen=True)
class Set:
    """A milestone that is known, who said so, and what shows it."""

    name: Milestone
    at: datetime
    by: str
    evidence: str


SPANS: Sequence[tuple[str, Milestone, Milestone]] = (
    ("Time to detect", Milestone.STARTED, Milestone.DETECTED),
    ("Time to declare", Milestone.DETECTED, Milestone.DECLARED),
    ("Time to mitigate", Milestone.DETECTED, Milestone.MITIGATED),
    ("Time to recover", Milestone.DETECTED, Milestone.RECOVERED),
    ("Time to resolve", Milestone.DETECTED, Milestone.RESOLVED),
)
"""What is measured between two of them."""


def crossing(known: Iterable[Set]) -> tuple[Set, Set] | None:
    """Two that stand against their order, the earlier by name first; None where all is in order."""
    ordered = sorted(known, key=lambda one: list(Milestone).index(one.name))
    for before, after in pairwise(ordered):
        if after.at < before.at:
            return before, after
    return None


def together(found: Iterable[Set], said: Iterable[Set]) -> Mapping[Milestone, Set]:
    """What people set outweighs what Deskbell found."""
    known = {one.name: one for one in (*found, *said)}
    return {name: known[name] for name in Milestone if name in known}


def lengths(known: Mapping[Milestone, Set]) -> list[tuple[str, str]]:
    """Each span in words; one whose ends are not both known is unknown."""
    return [(name, _length(known.get(first), known.get(last))) for name, first, last in SPANS]


def _length(first: Set | None, last: Set | None) -> str:
    if first is None or last is None:
        return "unknown"
    span = last.at - first.at
    return spell(span) if span >= timedelta(seconds=1) else "at once"
