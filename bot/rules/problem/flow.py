"""A problem's flow, and a known error's (ISO/IEC 20000-1:2018, 8.6.3)."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ProblemState(StrEnum):
    PROPOSED = "proposed"
    ASSESSING = "assessing"
    INVESTIGATING = "investigating"
    KNOWN = "cause known"
    FIXING = "fix under way"
    WATCHED = "watched"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"

    @property
    def sentence(self) -> str:
        return {
            ProblemState.ASSESSING: "It is being assessed",
            ProblemState.INVESTIGATING: "It is being investigated",
            ProblemState.KNOWN: "Its cause is known",
            ProblemState.FIXING: "Its fix is under way",
            ProblemState.DUPLICATE: "It is a duplicate",
        }.get(self, "")


class ProblemStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    ASSESS = "assessed"
    INVESTIGATE = "investigated"
    KNOW = "said to have a known cause"
    FIX = "said to have a fix under way"
    WATCH = "watched"
    CLOSE = "closed"
    REOPEN = "reopened"
    ACCEPT = "accepted as a risk"
    MERGE = "merged"
    DISMISS = "dismissed"
    CANCEL = "cancelled"


class ProblemAct(StrEnum):
    """What is done to a problem besides the steps of its flow; a value completes “can …”."""

    ASSIGN = "assign {ref} to somebody"
    CAUSE = "say what {ref} comes from"
    KNOWN_ERROR = "write down a known error of {ref}"
    UNLINK = "undo a link of {ref}"


class Source(StrEnum):
    """Where a problem comes from."""

    INCIDENT = "incident"
    MAJOR = "major incident"
    TREND = "trend"
    CHANGE = "change"
    HAND = "by hand"


class Role(StrEnum):
    """A value completes “only …”."""

    WORKER = "those who work on it"
    MANAGER = "problem managers"
    DESKBELL = "Deskbell itself"


_S, _T = ProblemState, ProblemStep
OPEN = frozenset({_S.PROPOSED, _S.ASSESSING, _S.INVESTIGATING, _S.KNOWN, _S.FIXING, _S.WATCHED, _S.ACCEPTED})
ENDED = frozenset({_S.CLOSED, _S.DISMISSED, _S.DUPLICATE, _S.CANCELLED})
_BEGUN = frozenset({_S.PROPOSED, _S.ASSESSING})

FLOW = Flow(
    rows=(
        Row(_T.ASSESS, frozenset({_S.PROPOSED}), _S.ASSESSING, (Role.WORKER,)),
        Row(_T.INVESTIGATE, _BEGUN | {_S.KNOWN, _S.FIXING, _S.ACCEPTED}, _S.INVESTIGATING, (Role.WORKER,)),
        Row(_T.KNOW, frozenset({_S.INVESTIGATING}), _S.KNOWN, (Role.WORKER,)),
        Row(_T.FIX, frozenset({_S.KNOWN}), _S.FIXING, (Role.WORKER,)),
        Row(_T.WATCH, frozenset({_S.FIXING}), _S.WATCHED, (Role.WORKER, Role.DESKBELL)),
        Row(_T.CLOSE, frozenset({_S.WATCHED}), _S.CLOSED, (Role.WORKER,)),
        Row(_T.REOPEN, frozenset({_S.WATCHED, _S.CLOSED}), _S.INVESTIGATING, (Role.WORKER, Role.DESKBELL)),
        Row(_T.ACCEPT, frozenset({_S.INVESTIGATING, _S.KNOWN}), _S.ACCEPTED, (Role.MANAGER,)),
        Row(_T.MERGE, OPEN - {_S.WATCHED}, _S.DUPLICATE, (Role.WORKER,)),
        Row(_T.DISMISS, _BEGUN, _S.DISMISSED, (Role.WORKER,)),
        Row(_T.CANCEL, OPEN - _BEGUN, _S.CANCELLED, (Role.MANAGER,)),
    ),
    begins=_S.PROPOSED,
    opened=FactKind.PROBLEM_RAISED,
    imported=FactKind.PROBLEM_IMPORTED,
    facts={
        _T.ASSESS: FactKind.PROBLEM_ASSESSED,
        _T.INVESTIGATE: FactKind.PROBLEM_INVESTIGATED,
        _T.KNOW: FactKind.PROBLEM_CAUSE_KNOWN,
        _T.FIX: FactKind.PROBLEM_FIXING,
        _T.WATCH: FactKind.PROBLEM_WATCHED,
        _T.CLOSE: FactKind.PROBLEM_CLOSED,
        _T.REOPEN: FactKind.PROBLEM_REOPENED,
        _T.ACCEPT: FactKind.PROBLEM_ACCEPTED,
        _T.MERGE: FactKind.PROBLEM_MERGED,
        _T.DISMISS: FactKind.PROBLEM_DISMISSED,
        _T.CANCEL: FactKind.PROBLEM_CANCELLED,
    },
    table="problem",
)
PHRASE = {
    _T.ASSESS: "assess {ref}",
    _T.INVESTIGATE: "investigate {ref}",
    _T.KNOW: "say that the cause of {ref} is known",
    _T.FIX: "say that a fix of {ref} is under way",
    _T.WATCH: "say that {ref} is fixed",
    _T.CLOSE: "close {ref}",
    _T.REOPEN: "reopen {ref}",
    _T.ACCEPT: "accept {ref} as a risk",
    _T.MERGE: "merge {ref} into another problem",
    _T.DISMISS: "dismiss {ref}",
    _T.CANCEL: "cancel {ref}",
}
"""Each completes “can …”."""


class KnownErrorState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"

    @property
    def sentence(self) -> str:
        return "It is a draft" if self is KnownErrorState.DRAFT else ""


class KnownErrorStep(StrEnum):
    PUBLISH = "published"
    SUPERSEDE = "superseded"
    RETIRE = "retired"


class KnownErrorAct(StrEnum):
    EDIT = "change {ref}"


class Audience(StrEnum):
    EVERYONE = "everyone"
    DESK = "desk"

    @property
    def label(self) -> str:
        return "Everyone: offered to who reports" if self is Audience.EVERYONE else "The desk alone"


_K = KnownErrorState
KNOWN_ERROR_FLOW = Flow(
    rows=(
        Row(KnownErrorStep.PUBLISH, frozenset({_K.DRAFT, _K.RETIRED}), _K.PUBLISHED, (Role.WORKER,)),
        Row(KnownErrorStep.SUPERSEDE, frozenset({_K.DRAFT, _K.PUBLISHED}), _K.SUPERSEDED, (Role.WORKER,)),
        Row(KnownErrorStep.RETIRE, frozenset({_K.DRAFT, _K.PUBLISHED}), _K.RETIRED, (Role.WORKER,)),
    ),
    begins=_K.DRAFT,
    opened=FactKind.KNOWN_ERROR_DRAFTED,
    facts={
        KnownErrorStep.PUBLISH: FactKind.KNOWN_ERROR_PUBLISHED,
        KnownErrorStep.SUPERSEDE: FactKind.KNOWN_ERROR_SUPERSEDED,
        KnownErrorStep.RETIRE: FactKind.KNOWN_ERROR_RETIRED,
    },
    table="known_error",
)
KNOWN_ERROR_PHRASE = {
    KnownErrorStep.PUBLISH: "publish {ref}",
    KnownErrorStep.SUPERSEDE: "replace {ref} by another",
    KnownErrorStep.RETIRE: "retire {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    if isinstance(what, ProblemStep):
        return PHRASE[what]
    return KNOWN_ERROR_PHRASE[what] if isinstance(what, KnownErrorStep) else str(what)
