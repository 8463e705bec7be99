"""A loan's flow: asked for, handed out, given back."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class LoanState(StrEnum):
    ASKED = "asked for"
    OUT = "out"
    BACK = "back"


class LoanStep(StrEnum):
    HAND_OUT = "handed out"
    TAKE_BACK = "taken back"


class Role(StrEnum):
    """A value completes “only …”."""

    DESK = "members of the service desk"


FLOW = Flow(
    rows=(
        Row(LoanStep.HAND_OUT, frozenset({LoanState.ASKED}), LoanState.OUT, (Role.DESK,)),
        Row(LoanStep.TAKE_BACK, frozenset({LoanState.OUT}), LoanState.BACK, (Role.DESK,)),
    ),
    begins=LoanState.ASKED,
    opened=FactKind.LOAN_ASKED,
    facts={LoanStep.HAND_OUT: FactKind.LOAN_HANDED_OUT, LoanStep.TAKE_BACK: FactKind.LOAN_TAKEN_BACK},
    table="loan",
)
PHRASE = {LoanStep.HAND_OUT: "hand {ref} out", LoanStep.TAKE_BACK: "take {ref} back"}
"""Each completes “can …”."""
