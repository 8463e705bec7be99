"""A controlled document's flow: written, approved by somebody else, in force; revised or withdrawn.

While another version is written, the one that is in force stays in force.
"""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class DocumentState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    """Its day to come into force is still to come."""
    IN_FORCE = "in force"
    WITHDRAWN = "withdrawn"

    @property
    def sentence(self) -> str:
        return "It is a draft" if self is DocumentState.DRAFT else ""


class DocumentStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    SUBMIT = "put to review"
    SEND_BACK = "sent back"
    APPROVE = "approved"
    EFFECT = "put in force"
    REVISE = "revised"
    DISCARD = "left as it is"
    WITHDRAW = "withdrawn"


class DocumentAct(StrEnum):
    """What is done to a document besides the steps of its flow; a value completes “can …”."""

    WRITE = "write {ref}"
    CONFIRM = "confirm that {ref} still holds"
    ASSIGN = "give {ref} to somebody"
    CLAUSE = "say which clauses {ref} is for"
    READERS = "say who has to read {ref}"
    UNDERSTAND = "say that you have read {ref}"
    VOTE = "approve {ref}"
    UNVOTE = "take a vote on {ref} back"


class Role(StrEnum):
    """A value completes “only …”."""

    OWNER = "who owns it"
    MANAGER = "members of the group that manages documents"
    DESKBELL = "Deskbell itself"


_S, _T = DocumentState, DocumentStep
_WORKERS = (Role.OWNER, Role.MANAGER)

FLOW = Flow(
    rows=(
        Row(_T.SUBMIT, frozenset({_S.DRAFT}), _S.IN_REVIEW, _WORKERS),
        Row(_T.SEND_BACK, frozenset({_S.IN_REVIEW}), _S.DRAFT, (*_WORKERS, Role.DESKBELL)),
        Row(_T.APPROVE, frozenset({_S.IN_REVIEW}), _S.APPROVED, (Role.DESKBELL,)),
        Row(_T.EFFECT, frozenset({_S.APPROVED}), _S.IN_FORCE, (Role.DESKBELL,)),
        Row(_T.REVISE, frozenset({_S.IN_FORCE}), _S.DRAFT, _WORKERS),
        Row(_T.DISCARD, frozenset({_S.DRAFT}), _S.IN_FORCE, _WORKERS),
        Row(_T.WITHDRAW, frozenset({*_S} - {_S.WITHDRAWN}), _S.WITHDRAWN, _WORKERS),
    ),
    begins=_S.DRAFT,
    opened=FactKind.DOCUMENT_DRAFTED,
    facts={
        _T.SUBMIT: FactKind.DOCUMENT_SUBMITTED,
        _T.SEND_BACK: FactKind.DOCUMENT_SENT_BACK,
        _T.APPROVE: FactKind.DOCUMENT_APPROVED,
        _T.EFFECT: FactKind.DOCUMENT_IN_FORCE,
        _T.REVISE: FactKind.DOCUMENT_REVISED,
        _T.DISCARD: FactKind.DOCUMENT_DISCARDED,
        _T.WITHDRAW: FactKind.DOCUMENT_WITHDRAWN,
    },
    unlisted=frozenset({_T.APPROVE, _T.EFFECT}),
    table="controlled_document",
)
PHRASE = {
    _T.SUBMIT: "put {ref} to review",
    _T.SEND_BACK: "take {ref} back to its draft",
    _T.APPROVE: "approve {ref}",
    _T.EFFECT: "put {ref} in force",
    _T.REVISE: "revise {ref}",
    _T.DISCARD: "leave {ref} as it is",
    _T.WITHDRAW: "withdraw {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, DocumentStep) else str(what)
