"""A complaint's flow: received, acknowledged, answered, accepted; escalated by who complained or by its clock.

ISO/IEC 20000-1:2018, 8.3.2: complaints are recorded, managed to their closure, and escalated where the usual way fails.
"""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ComplaintState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ComplaintStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    ACKNOWLEDGE = "acknowledged"
    ANSWER = "answered"
    ESCALATE = "escalated"
    ACCEPT = "closed"
    WITHDRAW = "withdrawn"


class Role(StrEnum):
    """A value completes “only …”."""

    HANDLER = "members of the group that answers complaints"
    MANAGER = "members of the group that has escalated complaints"
    COMPLAINANT = "who complained"
    CLOCK = "Deskbell itself"


_S, _T, _R = ComplaintState, ComplaintStep, Role
OWED = frozenset({_S.RECEIVED, _S.ACKNOWLEDGED, _S.ESCALATED})
"""Somebody waits for an answer."""
OPEN = OWED | {_S.ANSWERED}

FLOW = Flow(
    rows=(
        Row(_T.ACKNOWLEDGE, frozenset({_S.RECEIVED}), _S.ACKNOWLEDGED, (_R.HANDLER, _R.MANAGER)),
        Row(_T.ANSWER, frozenset({_S.RECEIVED, _S.ACKNOWLEDGED}), _S.ANSWERED, (_R.HANDLER, _R.MANAGER)),
        Row(_T.ANSWER, frozenset({_S.ESCALATED}), _S.ANSWERED, (_R.MANAGER,)),
        Row(_T.ESCALATE, OPEN - {_S.ESCALATED}, _S.ESCALATED, (_R.COMPLAINANT, _R.HANDLER, _R.MANAGER)),
        Row(_T.ESCALATE, OWED - {_S.ESCALATED}, _S.ESCALATED, (_R.CLOCK,)),
        Row(_T.ACCEPT, frozenset({_S.ANSWERED}), _S.CLOSED, (_R.COMPLAINANT, _R.CLOCK)),
        Row(_T.WITHDRAW, OPEN, _S.WITHDRAWN, (_R.COMPLAINANT,)),
    ),
    begins=_S.RECEIVED,
    opened=FactKind.COMPLAINT_RECEIVED,
    facts={
        _T.ACKNOWLEDGE: FactKind.COMPLAINT_ACKNOWLEDGED,
        _T.ANSWER: FactKind.COMPLAINT_ANSWERED,
        _T.ESCALATE: FactKind.COMPLAINT_ESCALATED,
        _T.ACCEPT: FactKind.COMPLAINT_CLOSED,
        _T.WITHDRAW: FactKind.COMPLAINT_WITHDRAWN,
    },
    table="complaint",
)
PHRASE = {
    _T.ACKNOWLEDGE: "acknowledge {ref}",
    _T.ANSWER: "answer {ref}",
    _T.ESCALATE: "escalate {ref}",
    _T.ACCEPT: "accept the answer to {ref}",
    _T.WITHDRAW: "withdraw {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, ComplaintStep) else str(what)
