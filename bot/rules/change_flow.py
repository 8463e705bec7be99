"""The change's flow and what a request for change must say (ISO/IEC 20000-1:2018, 8.5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.rules.refs import Ref
from bot.rules.refusals import AlreadyDone, NotAStep


class ChangeState(StrEnum):
    AUTHORISE = "authorise"
    SCHEDULED = "scheduled"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS: Mapping[ChangeState, str] = MappingProxyType(
    {
        ChangeState.AUTHORISE: "waiting for approval",
        ChangeState.SCHEDULED: "approved and scheduled",
        ChangeState.REJECTED: "rejected",
    }
)

OPEN = frozenset({ChangeState.AUTHORISE, ChangeState.SCHEDULED})


class ChangeType(StrEnum):
    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ChangeStep(StrEnum):
    APPROVE = "approved"
    REJECT = "rejected"


@dataclass(frozen=True)
class Move:
    frm: frozenset[ChangeState]
    to: ChangeState


FLOW: Mapping[ChangeStep, Move] = MappingProxyType(
    {
        ChangeStep.APPROVE: Move(frozenset({ChangeState.AUTHORISE}), ChangeState.SCHEDULED),
        ChangeStep.REJECT: Move(frozenset({ChangeState.AUTHORISE}), ChangeState.REJECTED),
    }
)

DECIDED = {ChangeState.SCHEDULED: ChangeStep.APPROVE, ChangeState.REJECTED: ChangeStep.REJECT}


def legal(state: ChangeState) -> list[ChangeStep]:
    return [step for step, move in FLOW.items() if state in move.frm]


def check(ref: Ref, step: ChangeStep, state: ChangeState, decided_by: str | None = None) -> Move:
    """The move that `step` makes. Raises AlreadyDone where it was decided, NotAStep where the flow has no such way."""
    move = FLOW[step]
    if state in move.frm:
        return move
    if state in DECIDED and decided_by:
        raise AlreadyDone(ref=ref, done=DECIDED[state], by=decided_by)
    raise NotAStep(ref=ref, state=state.label, step=step, legal=", ".join(legal(state)) or "nothing more")


LONGEST_WINDOW = timedelta(days=31)


def window_faults(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with a change's window, by field; empty when nothing is."""
    faults = {}
    if starts_at < now:
        faults["starts_at"] = "This start has already passed. Choose a time to come."
    if ends_at <= starts_at:
        faults["ends_at"] = "The window must end after it starts."
    elif ends_at - starts_at > LONGEST_WINDOW:
        faults["ends_at"] = "A change window can last 31 days at the most. Split the change, or correct the date."
    return faults
