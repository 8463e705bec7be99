"""The flows of an internal audit and of a finding (ISO/IEC 20000-1:2018, 9.2 and 10.1).

A nonconformity is closed by somebody else than its owner, once its actions are verified and their effect was seen.
"""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class AuditState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under way"
    REPORTED = "reported"
    CANCELLED = "cancelled"


class AuditStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    START = "begun"
    REPORT = "reported"
    CANCEL = "cancelled"


class AuditAct(StrEnum):
    """What is done to an audit besides the steps of its flow; a value completes “can …”."""

    CHECK = "check a clause of {ref}"
    EXAMINE = "say what a sampled record of {ref} is like"
    ASSIGN = "give {ref} to an auditor"
    MOVE = "move {ref} to another day"
    SAMPLE = "draw a sample for {ref}"


class FindingKind(StrEnum):
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    GOOD_PRACTICE = "good-practice"

    @property
    def label(self) -> str:
        return {
            FindingKind.MAJOR: "Major nonconformity",
            FindingKind.MINOR: "Minor nonconformity",
            FindingKind.OPPORTUNITY: "Opportunity for improvement",
            FindingKind.GOOD_PRACTICE: "Good practice",
        }.get(self, self.capitalize())


NONCONFORMITIES = frozenset({FindingKind.MAJOR, FindingKind.MINOR})


class FindingState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class FindingStep(StrEnum):
    ANSWER = "answered"
    NOTE = "taken note of"
    CLOSE = "closed"
    SEND_BACK = "sent back"
    WITHDRAW = "withdrawn"


class FindingAct(StrEnum):
    ASSIGN = "give {ref} to somebody"
    EXTEND = "put {ref} off"


class Role(StrEnum):
    """A value completes “only …”."""

    AUDITOR = "the auditor"
    MANAGER = "members of the group that manages audits"
    OWNER = "who owns it"
    CHECKER = "somebody else who manages audits, or the auditor"


_A, _F = AuditState, FindingState
_OTHERS = frozenset(map(str, FindingKind)) - frozenset(map(str, NONCONFORMITIES))
LIVE = frozenset({_A.PLANNED, _A.UNDER_WAY})
OWED = frozenset({_F.OPEN, _F.ANSWERED})

AUDIT_FLOW = Flow(
    rows=(
        Row(AuditStep.START, frozenset({_A.PLANNED}), _A.UNDER_WAY, (Role.AUDITOR,)),
        Row(AuditStep.REPORT, frozenset({_A.UNDER_WAY}), _A.REPORTED, (Role.AUDITOR,)),
        Row(AuditStep.CANCEL, LIVE, _A.CANCELLED, (Role.MANAGER,)),
    ),
    begins=_A.PLANNED,
    opened=FactKind.AUDIT_PLANNED,
    facts={
        AuditStep.START: FactKind.AUDIT_STARTED,
        AuditStep.REPORT: FactKind.AUDIT_REPORTED,
        AuditStep.CANCEL: FactKind.AUDIT_CANCELLED,
    },
    table="internal_audit",
)
FINDING_FLOW = Flow(
    rows=(
        Row(FindingStep.ANSWER, frozenset({_F.OPEN}), _F.ANSWERED, (Role.OWNER,)),
        Row(FindingStep.NOTE, frozenset({_F.OPEN}), _F.CLOSED, (Role.OWNER, Role.MANAGER), _OTHERS),
        Row(FindingStep.CLOSE, frozenset({_F.ANSWERED}), _F.CLOSED, (Role.CHECKER,)),
        Row(FindingStep.SEND_BACK, frozenset({_F.ANSWERED}), _F.OPEN, (Role.CHECKER,)),
        Row(FindingStep.WITHDRAW, OWED, _F.WITHDRAWN, (Role.AUDITOR, Role.MANAGER)),
    ),
    begins=_F.OPEN,
    opened=FactKind.FINDING_RAISED,
    facts={
        FindingStep.ANSWER: FactKind.FINDING_ANSWERED,
        FindingStep.NOTE: FactKind.FINDING_TAKEN_NOTE_OF,
        FindingStep.CLOSE: FactKind.FINDING_CLOSED,
        FindingStep.SEND_BACK: FactKind.FINDING_SENT_BACK,
        FindingStep.WITHDRAW: FactKind.FINDING_WITHDRAWN,
    },
    table="audit_finding",
)
PHRASE = {
    AuditStep.START: "begin {ref}",
    AuditStep.REPORT: "report {ref}",
    AuditStep.CANCEL: "cancel {ref}",
    FindingStep.ANSWER: "answer {ref}",
    FindingStep.NOTE: "take note of {ref}",
    FindingStep.CLOSE: "close {ref}",
    FindingStep.SEND_BACK: "send {ref} back",
    FindingStep.WITHDRAW: "withdraw {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, AuditStep | FindingStep) else str(what)
