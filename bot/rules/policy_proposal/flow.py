"""The flow of a proposed change of the policy: approved by others, adopted as a version or handed over as a file."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ProposalState(StrEnum):
    PROPOSED = "waiting for approval"
    APPROVED = "to be committed"
    """The master is a file: it is in force once that says so."""
    ADOPTED = "adopted"
    TAKEN_BACK = "taken back"
    REJECTED = "rejected"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"
    """Approved when it did not fit the policy any more."""
    WITHDRAWN = "withdrawn"


class ProposalStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    ADOPT = "adopted"
    HAND_OVER = "approved"
    REJECT = "rejected"
    EXPIRE = "expired"
    OVERTAKE = "overtaken"
    WITHDRAW = "withdrawn"
    TAKE_BACK = "taken back"


class ProposalAct(StrEnum):
    """What is done to a proposal besides the steps of its flow; a value completes “can …”."""

    VOTE = "approve {ref}"
    UNVOTE = "take a vote on {ref} back"


class Role(StrEnum):
    """A value completes “only …”."""

    PROPOSER = "who proposed it"
    MANAGER = "members of the group that manages the policy"
    DESKBELL = "Deskbell itself"


_S, _T = ProposalState, ProposalStep
OPEN = frozenset({_S.PROPOSED, _S.APPROVED})
_DESKBELL = (Role.DESKBELL,)
_VOTES = ()
"""Approvers take these by voting (`bot/usecases/approval/`)."""

FLOW = Flow(
    rows=(
        Row(_T.ADOPT, OPEN, _S.ADOPTED, _DESKBELL),
        Row(_T.HAND_OVER, frozenset({_S.PROPOSED}), _S.APPROVED, _DESKBELL),
        Row(_T.OVERTAKE, OPEN, _S.OVERTAKEN, _DESKBELL),
        Row(_T.REJECT, frozenset({_S.PROPOSED}), _S.REJECTED, _VOTES),
        Row(_T.EXPIRE, frozenset({_S.PROPOSED}), _S.EXPIRED, _VOTES),
        Row(_T.WITHDRAW, OPEN, _S.WITHDRAWN, (Role.PROPOSER, Role.MANAGER)),
        Row(_T.TAKE_BACK, frozenset({_S.ADOPTED}), _S.TAKEN_BACK, (Role.MANAGER,)),
    ),
    begins=_S.PROPOSED,
    opened=FactKind.POLICY_PROPOSED,
    facts={
        _T.ADOPT: FactKind.POLICY_CHANGED,
        _T.HAND_OVER: FactKind.POLICY_HANDED_OVER,
        _T.OVERTAKE: FactKind.POLICY_OVERTAKEN,
        _T.REJECT: FactKind.POLICY_REJECTED,
        _T.EXPIRE: FactKind.APPROVAL_EXPIRED,
        _T.WITHDRAW: FactKind.POLICY_WITHDRAWN,
        _T.TAKE_BACK: FactKind.POLICY_TAKEN_BACK,
    },
    unlisted=frozenset({_T.ADOPT, _T.HAND_OVER, _T.OVERTAKE, _T.REJECT, _T.EXPIRE}),
    table="policy_proposal",
)
PHRASE = {
    _T.ADOPT: "adopt {ref}",
    _T.HAND_OVER: "hand {ref} over",
    _T.OVERTAKE: "overtake {ref}",
    _T.REJECT: "reject {ref}",
    _T.EXPIRE: "let {ref} expire",
    _T.WITHDRAW: "withdraw {ref}",
    _T.TAKE_BACK: "take back what {ref} changed",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, ProposalStep) else str(what)
