"""Service-level clocks: their kinds, states and owners (ISO/IEC 20000-1:2018, 8.3.3 and 8.3.4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self


class ClockKind(StrEnum):
    RESPONSE = "response"
    RESOLUTION = "resolution"
    UPDATE = "update"
    """The next news of a major incident; each one that is given starts the next."""


PROMISED = (ClockKind.RESPONSE, ClockKind.RESOLUTION)
"""What is promised of every incident, and has a ladder of escalation levels. News of major incidents have their own."""


class PromiseKind(StrEnum):
    """What is promised of other records, which keep by when themselves: of a request, and of a complaint."""

    FULFILMENT = "fulfilment"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    """Whether its work was done meanwhile or not: a breach is never erased."""
    CANCELLED = "cancelled"


class Owner(StrEnum):
    """Who owes what a clock counts."""

    DESK = "desk"
    """The desk owes it to customers: a service level agreement (8.3.3)."""
    GROUP = "group"
    """A group owes it to the desk: an operational level agreement with an internal supplier (8.3.4.2)."""
    SUPPLIER = "supplier"
    """An external supplier owes it: an underpinning contract (8.3.4.1)."""


@dataclass(frozen=True)
class Party:
    """An owner by name; `str` is “desk”, “group:network” or “supplier:carrier”, as a clock's row has it."""

    owner: Owner
    key: str = ""

    def __str__(self) -> str:
        return f"{self.owner}:{self.key}" if self.key else str(self.owner)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError."""
        owner, _, key = text.partition(":")
        return cls(Owner(owner), key)


DESK = Party(Owner.DESK)

BREACH = 100
"""The threshold, in per cent of the target, at which a promise is broken."""


def clock_name(kind: str, owner: str) -> str:
    """How timers, facts and notices call a record's clock: “response”, “resolution:group:network”."""
    return kind if owner == Owner.DESK else f"{kind}:{owner}"


def kept(due_at: datetime, done_at: datetime) -> bool:
    """Done exactly at the deadline is kept."""
    return done_at <= due_at
