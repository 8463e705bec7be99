"""A management review's flow: planned, held, closed with minutes that are frozen (ISO/IEC 20000-1:2018, 9.3)."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    HOLD = "held"
    CLOSE = "closed"
    CANCEL = "cancelled"


class MeetingAct(StrEnum):
    """What is done to a review besides the steps of its flow; a value completes “can …”."""

    REFRESH = "draw the inputs of {ref} anew"
    SAY = "write the minutes of {ref}"
    ATTEND = "say who takes part in {ref}"
    DECIDE = "decide in {ref}"
    READ = "read {ref}"
    CHAIR = "say who chairs {ref}"


class Role(StrEnum):
    """A value completes “only …”."""

    MANAGER = "members of the group that holds management reviews"
    CHAIR = "who chairs it"


_S, _T = MeetingState, MeetingStep
LIVE = frozenset({_S.PLANNED, _S.HELD})
_BOTH = (Role.CHAIR, Role.MANAGER)

FLOW = Flow(
    rows=(
        Row(_T.HOLD, frozenset({_S.PLANNED}), _S.HELD, _BOTH),
        Row(_T.CLOSE, frozenset({_S.HELD}), _S.CLOSED, _BOTH),
        Row(_T.CANCEL, frozenset({_S.PLANNED}), _S.CANCELLED, _BOTH),
    ),
    begins=_S.PLANNED,
    opened=FactKind.MANAGEMENT_REVIEW_PLANNED,
    facts={
        _T.HOLD: FactKind.MANAGEMENT_REVIEW_HELD,
        _T.CLOSE: FactKind.MANAGEMENT_REVIEW_CLOSED,
        _T.CANCEL: FactKind.MANAGEMENT_REVIEW_CANCELLED,
    },
    table="management_review",
)
PHRASE = {_T.HOLD: "hold {ref}", _T.CLOSE: "close {ref}", _T.CANCEL: "cancel {ref}"}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, MeetingStep) else str(what)
