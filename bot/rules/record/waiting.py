"""What of a record waits for somebody: one row of “Waiting for you”, whatever the noun."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

VOTE = "vote"
"""Why of what waits for an approver, in each noun that is put to approval."""
MOST = 15
"""Rows that App Home shows; it says how many are left out."""


@dataclass(frozen=True)
class Waits:
    record: Any
    why: StrEnum
    """What is waited for; each noun has its own."""
    due: datetime | None = None
    """Until when; None where nothing says so."""
    more: Any = None
    """What its row shows beside the record."""
    now: datetime | None = None
    """By the clock of who reads it: what is late then is marked."""


def ordered(waiting: Iterable[Waits]) -> list[Waits]:
    """What is due first; then what has no time of its own, in the order of its noun."""
    found = list(waiting)
    timed = sorted((one.due, at) for at, one in enumerate(found) if one.due is not None)
    return [*(found[at] for _, at in timed), *(one for one in found if one.due is None)]
