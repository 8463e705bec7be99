"""The change's flow: which step leads where, for which types, by whom (ISO/IEC 20000-1:2018, 8.5.1)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import AlreadyDone


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


_DRAFT, _SUBMITTED, _AUTHORISE = ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.AUTHORISE
_SCHEDULED, _IMPLEMENTING, _REVIEW = ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW
_BEFORE = frozenset({_DRAFT, _SUBMITTED, ChangeState.ASSESS, _AUTHORISE, _SCHEDULED})
_APPROVED = frozenset({_AUTHORISE, _SCHEDULED})
_OWNERS = (Role.REQUESTER, Role.IMPLEMENTER, Role.MANAGER)
_NORMAL, _EMERGENCY = frozenset({ChangeType.NORMAL}), frozenset({ChangeType.EMERGENCY})
_STANDARD, _VOTED_ON = frozenset({ChangeType.STANDARD}), _NORMAL | _EMERGENCY
_C = ChangeStep

FLOW = Flow(
    rows=(
        Row(_C.SUBMIT, frozenset({_DRAFT}), _SUBMITTED, _OWNERS),
        Row(_C.ASSESS, frozenset({_SUBMITTED}), ChangeState.ASSESS, (Role.DESK,), when=_NORMAL),
        Row(_C.AUTHORISE, frozenset({ChangeState.ASSESS, _SUBMITTED}), _AUTHORISE, (Role.DESK,), when=_VOTED_ON),
        Row(_C.PREAPPROVED, frozenset({_SUBMITTED}), _SCHEDULED, (Role.DESK,), when=_STANDARD),
        Row(_C.BREAK_GLASS, frozenset({_SUBMITTED}), _IMPLEMENTING, (Role.REQUESTER,), when=_EMERGENCY),
        Row(_C.APPROVE, frozenset({_AUTHORISE}), _SCHEDULED, (Role.APPROVER,), when=_VOTED_ON),
        Row(_C.REJECT, frozenset({_AUTHORISE}), _DRAFT, (Role.APPROVER,), when=_VOTED_ON),
        Row(_C.EXPIRE, frozenset({_AUTHORISE}), _DRAFT, (Role.DESK,), when=_VOTED_ON),
        Row(_C.REVISE, _APPROVED, _AUTHORISE, _OWNERS),
        Row(_C.WITHDRAW, _APPROVED, _AUTHORISE, (Role.APPROVER,), when=_VOTED_ON),
        Row(_C.START, frozenset({_SCHEDULED}), _IMPLEMENTING, _OWNERS),
        Row(_C.FINISH, frozenset({_IMPLEMENTING}), _REVIEW, _OWNERS),
        Row(_C.BACK_OUT, frozenset({_IMPLEMENTING, _REVIEW}), _REVIEW, _OWNERS),
        Row(_C.CLOSE, frozenset({_REVIEW}), ChangeState.CLOSED, _OWNERS),
        Row(_C.CANCEL, _BEFORE, ChangeState.CANCELLED, (Role.REQUESTER, Role.MANAGER)),
    ),
    begins=_DRAFT,
    opened=FactKind.CHANGE_DRAFTED,
    imported=FactKind.CHANGE_IMPORTED,
    facts={
        _C.SUBMIT: FactKind.CHANGE_SUBMITTED,
        _C.ASSESS: FactKind.CHANGE_ASSESSED,
        _C.AUTHORISE: FactKind.APPROVAL_ASKED,
        _C.PREAPPROVED: FactKind.CHANGE_SCHEDULED,
        _C.BREAK_GLASS: FactKind.CHANGE_BEGUN_UNAPPROVED,
        _C.APPROVE: FactKind.CHANGE_APPROVED,
        _C.REJECT: FactKind.CHANGE_REJECTED,
        _C.EXPIRE: FactKind.APPROVAL_EXPIRED,
        _C.REVISE: FactKind.CHANGE_REVISED,
        _C.WITHDRAW: FactKind.APPROVAL_WITHDRAWN,
        _C.START: FactKind.CHANGE_STARTED,
        _C.FINISH: FactKind.CHANGE_FINISHED,
        _C.BACK_OUT: FactKind.CHANGE_BACKED_OUT,
        _C.CLOSE: FactKind.CHANGE_CLOSED,
        _C.CANCEL: FactKind.CHANGE_CANCELLED,
    },
    unlisted=frozenset({_C.ASSESS, _C.AUTHORISE, _C.PREAPPROVED, _C.BREAK_GLASS, _C.EXPIRE, _C.WITHDRAW, _C.BACK_OUT}),
    table="change",
)


def legal(state: ChangeState, kind: ChangeType = ChangeType.NORMAL) -> list[ChangeStep]:
    """The steps that people can take from here, in the flow's order."""
    return FLOW.legal(state, kind=kind)


def check(ref: Ref, step: ChangeStep, state: ChangeState, kind: ChangeType) -> Row[ChangeStep, ChangeState, Role]:
    """As `Flow.check`, whoever asks."""
    return FLOW.check(ref, step, state, kind=kind)


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
