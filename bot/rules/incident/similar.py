"""Finds open incidents whose words are like those of the one that is being typed."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

ALIKE = 50
"""Of 100: below this, two summaries merely share a word."""
OFFERED = 3
SHORTEST = 4
"""Characters typed before anything is offered."""


class Summarised(Protocol):
    @property
    def summary(self) -> str: ...


Record = TypeVar("Record", bound=Summarised)


def alike(typed: str, records: Sequence[Record], most: int = OFFERED) -> list[Record]:
    """The records whose summaries read most like what was typed, best first."""
    if len(typed.strip()) < SHORTEST:
        return []
    from rapidfuzz import fuzz, process, utils  # 3 MiB that a desk need not hold until somebody reports

    summaries = [record.summary for record in records]
    found = process.extract(
        typed, summaries, scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=ALIKE
    )
    return [records[index] for _, _, index in found]
