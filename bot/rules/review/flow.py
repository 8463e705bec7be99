"""A post-incident review's flow: due, written, reviewed, published; or declined with a reason."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ReviewState(StrEnum):
    DUE = "due"
    DRAFT = "draft"
    IN_REVIEW = "in review"
    PUBLISHED = "published"
    DECLINED = "declined"

    @property
    def sentence(self) -> str:
        return "It is a draft" if self is ReviewState.DRAFT else ""


class ReviewStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    BEGIN = "begun"
    SUBMIT = "put to review"
    PUBLISH = "published"
    SEND_BACK = "sent back"
    AMEND = "amended"
    DECLINE = "declined"
    REOPEN = "asked for again"


class ReviewAct(StrEnum):
    """What is done to a review besides the steps of its flow; a value completes “can …”."""

    WRITE = "write {ref}"
    MILESTONE = "set a milestone of {ref}"
    REFRESH = "refresh what {ref} was drawn from"
    ASSIGN = "give {ref} to somebody"
    VOTE = "approve {ref}"
    UNVOTE = "take a vote on {ref} back"
    EXPORT = "export {ref}"


class Role(StrEnum):
    """A value completes “only …”."""

    WORKER = "those who work on it"
    MANAGER = "review managers"
    DESKBELL = "Deskbell itself"


_S, _T = ReviewState, ReviewStep
WRITABLE = frozenset({_S.DUE, _S.DRAFT})
OWED = frozenset({_S.DUE, _S.DRAFT, _S.IN_REVIEW})
"""Reminded of."""
_WORKERS = (Role.WORKER, Role.MANAGER)

FLOW = Flow(
    rows=(
        Row(_T.BEGIN, frozenset({_S.DUE}), _S.DRAFT, _WORKERS),
        Row(_T.SUBMIT, frozenset({_S.DRAFT}), _S.IN_REVIEW, _WORKERS),
        Row(_T.PUBLISH, frozenset({_S.IN_REVIEW}), _S.PUBLISHED, (Role.DESKBELL,)),
        Row(_T.SEND_BACK, frozenset({_S.IN_REVIEW}), _S.DRAFT, (*_WORKERS, Role.DESKBELL)),
        Row(_T.AMEND, frozenset({_S.PUBLISHED}), _S.DRAFT, _WORKERS),
        Row(_T.DECLINE, frozenset({_S.DUE, _S.DRAFT}), _S.DECLINED, (Role.MANAGER,)),
        Row(_T.REOPEN, frozenset({_S.DECLINED}), _S.DUE, _WORKERS),
    ),
    begins=_S.DUE,
    opened=FactKind.REVIEW_ASKED,
    facts={
        _T.BEGIN: FactKind.REVIEW_BEGUN,
        _T.SUBMIT: FactKind.REVIEW_SUBMITTED,
        _T.PUBLISH: FactKind.REVIEW_PUBLISHED,
        _T.SEND_BACK: FactKind.REVIEW_SENT_BACK,
        _T.AMEND: FactKind.REVIEW_AMENDED,
        _T.DECLINE: FactKind.REVIEW_DECLINED,
        _T.REOPEN: FactKind.REVIEW_REOPENED,
    },
    unlisted=frozenset({_T.PUBLISH}),
    table="review",
)
PHRASE = {
    _T.BEGIN: "begin {ref}",
    _T.SUBMIT: "put {ref} to review",
    _T.PUBLISH: "publish {ref}",
    _T.SEND_BACK: "take {ref} back to its draft",
    _T.AMEND: "amend {ref}",
    _T.DECLINE: "decline {ref}",
    _T.REOPEN: "ask for {ref} again",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, ReviewStep) else str(what)
