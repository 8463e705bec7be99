"""The change's flow: which step leads where, for which types, by whom (ISO/IEC 20000-1:2018, 8.5.1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.rules.refs import Ref
from bot.rules.refusals import AlreadyDone, NotAStep


class ChangeState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASSESS = "assess"
    AUTHORISE = "authorise"
    SCHEDULED = "scheduled"
    IMPLEMENTING = "implementing"
    REVIEW = "review"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS: Mapping[ChangeState, str] = MappingProxyType(
    {
        ChangeState.DRAFT: "a draft",
        ChangeState.SUBMITTED: "submitted",
        ChangeState.ASSESS: "being assessed",
        ChangeState.AUTHORISE: "waiting for approval",
        ChangeState.SCHEDULED: "approved and scheduled",
        ChangeState.IMPLEMENTING: "being implemented",
        ChangeState.REVIEW: "in review",
        ChangeState.CLOSED: "closed",
        ChangeState.CANCELLED: "cancelled",
    }
)

OPEN = frozenset(
    {
        ChangeState.SUBMITTED,
        ChangeState.ASSESS,
        ChangeState.AUTHORISE,
        ChangeState.SCHEDULED,
        ChangeState.IMPLEMENTING,
        ChangeState.REVIEW,
    }
)
"""Asked for and not done with. A draft is its author's alone."""


class ChangeType(StrEnum):
    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Result(StrEnum):
    """How an implementation went."""

    SUCCESS = "success"
    ISSUES = "success with issues"
    FAILED = "failed"
    BACKED_OUT = "backed out"


class Review(StrEnum):
    """What may ask for a post-implementation review."""

    EMERGENCY = "emergency"
    FAILED = "failed"
    HIGH_RISK = "high-risk"
    INCIDENT = "incident"


class ChangeStep(StrEnum):
    """What is done, as it is said of the change afterwards."""

    SUBMIT = "submitted"
    ASSESS = "assessed"
    AUTHORISE = "put to approval"
    PREAPPROVED = "scheduled as a standard change"
    BREAK_GLASS = "begun without approval"
    APPROVE = "approved"
    REJECT = "rejected"
    EXPIRE = "left undecided"
    REVISE = "revised"
    WITHDRAW = "taken back into approval"
    START = "started"
    FINISH = "finished"
    BACK_OUT = "backed out"
    CLOSE = "closed"
    CANCEL = "cancelled"


class Role(StrEnum):
    """What somebody is to a change; who is none of these may take no step."""

    REQUESTER = "who asked for it"
    IMPLEMENTER = "who carries it out"
    MANAGER = "the change managers"
    APPROVER = "its approvers"
    DESK = "Deskbell itself"


@dataclass(frozen=True)
class Move:
    frm: frozenset[ChangeState]
    to: ChangeState
    by: tuple[Role, ...]
    types: frozenset[ChangeType] = frozenset(ChangeType)


_DRAFT, _SUBMITTED, _AUTHORISE = ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.AUTHORISE
_SCHEDULED, _IMPLEMENTING = ChangeState.SCHEDULED, ChangeState.IMPLEMENTING
_BEFORE = frozenset({_DRAFT, _SUBMITTED, ChangeState.ASSESS, _AUTHORISE, _SCHEDULED})
_OWNERS = (Role.REQUESTER, Role.IMPLEMENTER, Role.MANAGER)
_NORMAL, _EMERGENCY = ChangeType.NORMAL, ChangeType.EMERGENCY
_STANDARD = frozenset({ChangeType.STANDARD})
_VOTED_ON = frozenset({_NORMAL, _EMERGENCY})

FLOW: Mapping[ChangeStep, Move] = MappingProxyType(
    {
        ChangeStep.SUBMIT: Move(frozenset({_DRAFT}), _SUBMITTED, _OWNERS),
        ChangeStep.ASSESS: Move(frozenset({_SUBMITTED}), ChangeState.ASSESS, (Role.DESK,), frozenset({_NORMAL})),
        ChangeStep.AUTHORISE: Move(frozenset({ChangeState.ASSESS, _SUBMITTED}), _AUTHORISE, (Role.DESK,), _VOTED_ON),
        ChangeStep.PREAPPROVED: Move(frozenset({_SUBMITTED}), _SCHEDULED, (Role.DESK,), _STANDARD),
        ChangeStep.BREAK_GLASS: Move(
            frozenset({_SUBMITTED}), _IMPLEMENTING, (Role.REQUESTER,), frozenset({_EMERGENCY})
        ),
        ChangeStep.APPROVE: Move(frozenset({_AUTHORISE}), _SCHEDULED, (Role.APPROVER,), _VOTED_ON),
        ChangeStep.REJECT: Move(frozenset({_AUTHORISE}), _DRAFT, (Role.APPROVER,), _VOTED_ON),
        ChangeStep.EXPIRE: Move(frozenset({_AUTHORISE}), _DRAFT, (Role.DESK,), _VOTED_ON),
        ChangeStep.REVISE: Move(frozenset({_AUTHORISE, _SCHEDULED}), _AUTHORISE, _OWNERS),
        ChangeStep.WITHDRAW: Move(frozenset({_AUTHORISE, _SCHEDULED}), _AUTHORISE, (Role.APPROVER,), _VOTED_ON),
        ChangeStep.START: Move(frozenset({_SCHEDULED}), _IMPLEMENTING, _OWNERS),
        ChangeStep.FINISH: Move(frozenset({_IMPLEMENTING}), ChangeState.REVIEW, _OWNERS),
        ChangeStep.BACK_OUT: Move(frozenset({_IMPLEMENTING, ChangeState.REVIEW}), ChangeState.REVIEW, _OWNERS),
        ChangeStep.CLOSE: Move(frozenset({ChangeState.REVIEW}), ChangeState.CLOSED, _OWNERS),
        ChangeStep.CANCEL: Move(_BEFORE, ChangeState.CANCELLED, (Role.REQUESTER, Role.MANAGER)),
    }
)

_PRESSED = (
    ChangeStep.SUBMIT,
    ChangeStep.APPROVE,
    ChangeStep.REJECT,
    ChangeStep.REVISE,
    ChangeStep.START,
    ChangeStep.FINISH,
    ChangeStep.CLOSE,
    ChangeStep.CANCEL,
)
"""What people are told that they can do next."""


def legal(state: ChangeState, kind: ChangeType = ChangeType.NORMAL) -> list[ChangeStep]:
    """The steps that people can take from here, in the flow's order."""
    return [step for step in _PRESSED if state in FLOW[step].frm and kind in FLOW[step].types]


def check(ref: Ref, step: ChangeStep, state: ChangeState, kind: ChangeType) -> Move:
    """The move that `step` makes. Raises NotAStep where the flow has no such way."""
    move = FLOW[step]
    if state not in move.frm or kind not in move.types:
        done = ", ".join(legal(state, kind)) or "nothing more"
        raise NotAStep(ref=ref, state=state.label, step=step, legal=done)
    return move


def already(ref: Ref, state: ChangeState, kind: ChangeType, decision: str | None, by: str) -> None:
    """Nothing is left to decide. Raises AlreadyDone where somebody has, NotAStep elsewhere."""
    if decision:
        raise AlreadyDone(ref=ref, done=decision, by=by)
    check(ref, ChangeStep.APPROVE, state, kind)


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


def times_faults(began_at: datetime, ended_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the times that a change is said to have taken."""
    if ended_at > now:
        return {"ends_at": "This end is still to come. Say when it was really done."}
    return {"ends_at": "It must have ended after it began."} if ended_at < began_at else {}


def reviewed(asks: Collection[Review], kind: ChangeType, risk: Risk, result: Result, caused: bool) -> list[Review]:
    """What about this change asks for a post-implementation review; empty when nothing does."""
    true = {
        Review.EMERGENCY: kind is ChangeType.EMERGENCY,
        Review.FAILED: result in {Result.FAILED, Result.BACKED_OUT},
        Review.HIGH_RISK: risk is Risk.HIGH,
        Review.INCIDENT: caused,
    }
    return [one for one in Review if one in asks and true[one]]
