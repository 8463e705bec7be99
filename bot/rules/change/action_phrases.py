"""What the steps of a change's flow are called where somebody may not take them: each completes “can …”."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from bot.rules.change.flow import ChangeStep

PHRASE: Mapping[ChangeStep, str] = MappingProxyType(
    {
        ChangeStep.SUBMIT: "ask for approval of {ref}",
        ChangeStep.REVISE: "edit {ref} or move its window",
        ChangeStep.START: "start {ref}",
        ChangeStep.FINISH: "say how {ref} went",
        ChangeStep.BACK_OUT: "back out {ref}",
        ChangeStep.CLOSE: "close {ref}",
        ChangeStep.CANCEL: "cancel {ref}",
    }
)


class ChangeAct(StrEnum):
    """What is done to a change besides the steps of its flow; a value completes “can …”."""

    VOTE = "vote on {ref}"
    WITHDRAW = "take back a vote on {ref}"
    ANSWER = "answer questions about {ref}"
    PROPOSE = "make {ref} a standard change"
    ASSIGN = PHRASE[ChangeStep.REVISE]
    """Another implementer is another revision."""


def either(roles: Sequence[str]) -> str:
    """“who asked for it, who carries it out or the change managers”."""
    return roles[0] if len(roles) == 1 else f"{', '.join(roles[:-1])} or {roles[-1]}"
