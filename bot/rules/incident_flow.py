"""The incident's flow: which step leads where, and who may take it (ISO/IEC 20000-1:2018, 8.6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.rules.refs import Ref
from bot.rules.refusals import AlreadyDone, NotAStep


class IncidentState(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class IncidentStep(StrEnum):
    ACKNOWLEDGE = "acknowledged"
    RESOLVE = "resolved"


@dataclass(frozen=True)
class Move:
    frm: frozenset[IncidentState]
    to: IncidentState
    group: str
    """The policy's group whose members may take it."""


DESK = "service-desk"

FLOW: Mapping[IncidentStep, Move] = MappingProxyType(
    {
        IncidentStep.ACKNOWLEDGE: Move(frozenset({IncidentState.NEW}), IncidentState.ACKNOWLEDGED, DESK),
        IncidentStep.RESOLVE: Move(
            frozenset({IncidentState.NEW, IncidentState.ACKNOWLEDGED}), IncidentState.RESOLVED, DESK
        ),
    }
)

OPEN = frozenset({IncidentState.NEW, IncidentState.ACKNOWLEDGED})


def legal(state: IncidentState) -> list[IncidentStep]:
    """The steps that can be taken from here, in the flow's order."""
    return [step for step, move in FLOW.items() if state in move.frm]


def check(ref: Ref, step: IncidentStep, state: IncidentState, done_by: str | None = None) -> Move:
    """The move that `step` makes. Raises AlreadyDone where someone came first, NotAStep where the flow has no such way.

    `done_by` is how to name who took the record to the step's state.
    """
    move = FLOW[step]
    if state in move.frm:
        return move
    if state == move.to and done_by:
        raise AlreadyDone(ref=ref, done=step, by=done_by)
    raise NotAStep(ref=ref, state=state, step=step, legal=", ".join(legal(state)) or "nothing more: it is closed")
