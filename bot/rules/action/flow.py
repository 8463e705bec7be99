"""An action's flow: promised, done, and verified by somebody else (ISO/IEC 20000-1:2018, 10.1)."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ActionState(StrEnum):
    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {ActionState.DOING: "being done", ActionState.DONE: "done, to be verified"}.get(self, str(self))


class ActionStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    START = "started"
    FINISH = "marked as done"
    VERIFY = "verified"
    SEND_BACK = "sent back"
    DROP = "dropped"


class ActionKind(StrEnum):
    CORRECT = "correct"
    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"

    @property
    def label(self) -> str:
        return {
            ActionKind.CORRECT: "Correct: mend what is wrong",
            ActionKind.PREVENT: "Prevent: keep it from happening again",
            ActionKind.DETECT: "Detect: notice it sooner",
            ActionKind.MITIGATE: "Mitigate: make it hurt less",
        }[self]


class ActionAct(StrEnum):
    """What is done to an action besides the steps of its flow; a value completes “can …”."""

    ASSIGN = "assign {ref} to somebody"
    EXTEND = "put {ref} off"


class Role(StrEnum):
    """A value completes “only …”."""

    OWNER = "who owns it"
    """Where nobody does: a member of the group that has it."""
    CHECKER = "somebody else who is concerned with it"
    MANAGER = "members of the group that manages actions"


_S = ActionState
PROMISED = frozenset({_S.OPEN, _S.DOING})
"""Somebody still has to do it: reminders ring."""
OPEN = frozenset({*PROMISED, _S.DONE})
_OWNERS = (Role.OWNER, Role.MANAGER)

FLOW = Flow(
    rows=(
        Row(ActionStep.START, frozenset({_S.OPEN}), _S.DOING, _OWNERS),
        Row(ActionStep.FINISH, PROMISED, _S.DONE, _OWNERS),
        Row(ActionStep.VERIFY, frozenset({_S.DONE}), _S.VERIFIED, (Role.CHECKER,)),
        Row(ActionStep.SEND_BACK, frozenset({_S.DONE}), _S.DOING, (Role.CHECKER,)),
        Row(ActionStep.DROP, OPEN, _S.DROPPED, (Role.MANAGER,)),
    ),
    begins=_S.OPEN,
    opened=FactKind.ACTION_RAISED,
    facts={
        ActionStep.START: FactKind.ACTION_STARTED,
        ActionStep.FINISH: FactKind.ACTION_DONE,
        ActionStep.VERIFY: FactKind.ACTION_VERIFIED,
        ActionStep.SEND_BACK: FactKind.ACTION_SENT_BACK,
        ActionStep.DROP: FactKind.ACTION_DROPPED,
    },
    table="action_item",
)
PHRASE = {
    ActionStep.START: "start {ref}",
    ActionStep.FINISH: "mark {ref} as done",
    ActionStep.VERIFY: "verify {ref}",
    ActionStep.SEND_BACK: "send {ref} back",
    ActionStep.DROP: "drop {ref}",
}
"""Each completes “can …”."""


def has_owners(step: ActionStep | ActionAct) -> tuple[Role, ...]:
    """Who may take a step, or do what is no step."""
    return FLOW.roles(step) if isinstance(step, ActionStep) else _OWNERS


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, ActionStep) else str(what)
