"""An entry of a register is open or closed; between, it goes through the stages that its register declares."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class EntryState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class EntryStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    CLOSE = "closed"
    REOPEN = "opened again"


class EntryAct(StrEnum):
    """What is done to an entry besides the steps of its flow; a value completes “can …”."""

    MOVE = "move {ref} to another stage"
    CHANGE = "change {ref}"
    REVIEW = "review {ref}"
    ACCEPT = "accept {ref}"
    ASSIGN = "give {ref} to somebody"


class Role(StrEnum):
    """A value completes “only …”."""

    OWNER = "who owns it"
    MANAGER = "members of the group that keeps the register"


_BOTH = (Role.OWNER, Role.MANAGER)
FLOW = Flow(
    rows=(
        Row(EntryStep.CLOSE, frozenset({EntryState.OPEN}), EntryState.CLOSED, _BOTH),
        Row(EntryStep.REOPEN, frozenset({EntryState.CLOSED}), EntryState.OPEN, _BOTH),
    ),
    begins=EntryState.OPEN,
    opened=FactKind.REGISTER_ENTERED,
    facts={EntryStep.CLOSE: FactKind.REGISTER_CLOSED, EntryStep.REOPEN: FactKind.REGISTER_REOPENED},
    unlisted=frozenset(EntryStep),
    table="register_entry",
)
