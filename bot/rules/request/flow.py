"""A request's flow: asked for, approved where that is needed, fulfilled, confirmed (ISO/IEC 20000-1:2018, 8.6.2)."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class RequestState(StrEnum):
    NEW = "new"
    APPROVAL = "approval"
    APPROVED = "approved"
    DOING = "doing"
    PENDING = "pending"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        said = {RequestState.APPROVAL: "waiting for approval", RequestState.DOING: "being fulfilled"}
        return {**said, RequestState.DONE: "fulfilled"}.get(self, str(self))


class RequestStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    ASK_APPROVAL = "put to approval"
    APPROVE = "approved"
    REJECT = "rejected"
    EXPIRE = "left undecided"
    TAKE_BACK = "put to approval again"
    START = "started"
    PEND = "set to pending"
    RESUME = "resumed"
    ANSWER = "answered"
    FULFIL = "fulfilled"
    CONFIRM = "confirmed"
    CLOSE = "closed"
    SEND_BACK = "sent back"
    WITHDRAW = "withdrawn"


class RequestAct(StrEnum):
    """What is done to a request besides the steps of its flow; a value completes “can …”."""

    VOTE = "vote on {ref}"
    UNVOTE = "take a vote on {ref} back"
    TASK = "mark a task of {ref} as done"
    RAISE = "raise the change of a task of {ref}"
    ASSIGN = "assign {ref} to somebody"
    REPLY = "answer what approvers ask about {ref}"
    RATE = "say how {ref} went"


class Role(StrEnum):
    """A value completes “only …”."""

    REQUESTER = "who asked for it and whom it is for"
    DESK = "members of the group that fulfils it"
    ANSWER = "those who are asked, while it waits for them"


_S = RequestState
_NOT_PENDING = frozenset({_S.NEW, _S.APPROVED, _S.DOING})
TO_FULFIL = frozenset({*_NOT_PENDING, _S.PENDING})
"""Somebody has to do something for it: a promise runs, or stands still while it is pending."""
OPEN = frozenset({*TO_FULFIL, _S.APPROVAL, _S.DONE})
_BOTH = (Role.REQUESTER, Role.DESK)
_VOTES = ()
"""Approvers take these by voting (`bot/usecases/approval/`)."""
_SILENCE = ()
"""Taken where nobody has said anything for long enough."""

FLOW: Flow[RequestStep, RequestState, Role] = Flow(
    rows=(
        Row(RequestStep.ASK_APPROVAL, frozenset({_S.NEW}), _S.APPROVAL, _VOTES),
        Row(RequestStep.APPROVE, frozenset({_S.APPROVAL}), _S.APPROVED, _VOTES),
        Row(RequestStep.REJECT, frozenset({_S.APPROVAL}), _S.REJECTED, _VOTES),
        Row(RequestStep.EXPIRE, frozenset({_S.APPROVAL}), _S.WITHDRAWN, _VOTES),
        Row(RequestStep.TAKE_BACK, frozenset({_S.APPROVAL, _S.APPROVED}), _S.APPROVAL, _VOTES),
        Row(RequestStep.START, frozenset({_S.NEW, _S.APPROVED}), _S.DOING, (Role.DESK,)),
        Row(RequestStep.PEND, _NOT_PENDING, _S.PENDING, (Role.DESK,)),
        Row(RequestStep.RESUME, frozenset({_S.PENDING}), _S.DOING, (Role.DESK,)),
        Row(RequestStep.ANSWER, frozenset({_S.PENDING}), _S.DOING, (Role.ANSWER,)),
        Row(RequestStep.FULFIL, TO_FULFIL, _S.DONE, (Role.DESK,)),
        Row(RequestStep.CONFIRM, frozenset({_S.DONE}), _S.CLOSED, (Role.REQUESTER,)),
        Row(RequestStep.CLOSE, frozenset({_S.DONE}), _S.CLOSED, _SILENCE),
        Row(RequestStep.SEND_BACK, frozenset({_S.DONE}), _S.DOING, (Role.REQUESTER,)),
        Row(RequestStep.WITHDRAW, frozenset({*TO_FULFIL, _S.APPROVAL}), _S.WITHDRAWN, _BOTH),
    ),
    begins=_S.NEW,
    opened=FactKind.REQUEST_ASKED,
    imported=FactKind.REQUEST_IMPORTED,
    facts={
        RequestStep.ASK_APPROVAL: FactKind.REQUEST_TO_APPROVE,
        RequestStep.APPROVE: FactKind.REQUEST_APPROVED,
        RequestStep.REJECT: FactKind.REQUEST_REJECTED,
        RequestStep.EXPIRE: FactKind.APPROVAL_EXPIRED,
        RequestStep.TAKE_BACK: FactKind.APPROVAL_WITHDRAWN,
        RequestStep.START: FactKind.REQUEST_STARTED,
        RequestStep.PEND: FactKind.REQUEST_PENDED,
        RequestStep.RESUME: FactKind.REQUEST_RESUMED,
        RequestStep.ANSWER: FactKind.REQUEST_ANSWERED,
        RequestStep.FULFIL: FactKind.REQUEST_FULFILLED,
        RequestStep.CONFIRM: FactKind.REQUEST_CONFIRMED,
        RequestStep.CLOSE: FactKind.REQUEST_CLOSED,
        RequestStep.SEND_BACK: FactKind.REQUEST_SENT_BACK,
        RequestStep.WITHDRAW: FactKind.REQUEST_WITHDRAWN,
    },
    unlisted=frozenset(
        {
            RequestStep.ASK_APPROVAL,
            RequestStep.APPROVE,
            RequestStep.REJECT,
            RequestStep.EXPIRE,
            RequestStep.TAKE_BACK,
            RequestStep.CLOSE,
        }
    ),
    table="service_request",
)
PHRASE = {
    RequestStep.START: "start {ref}",
    RequestStep.PEND: "set {ref} to pending",
    RequestStep.RESUME: "resume {ref}",
    RequestStep.ANSWER: "answer what {ref} waits for",
    RequestStep.FULFIL: "mark {ref} as fulfilled",
    RequestStep.CONFIRM: "confirm {ref}",
    RequestStep.CLOSE: "close {ref}",
    RequestStep.SEND_BACK: "send {ref} back",
    RequestStep.WITHDRAW: "withdraw {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, RequestStep) else str(what)
