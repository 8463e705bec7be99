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
    VOTE = "approve where {ref} is moved"
    UNVOTE = "take a vote on {ref} back"
    TAKE_BACK = "take back where {ref} is to be moved"


class Role(StrEnum):
    """A value completes “only …”."""

    OWNER = "who owns it"
    MANAGER = "members of the group that keeps the register"
    MOVER = "members of the groups that move it there"
    DESKBELL = "Deskbell itself"


_ALL = tuple(Role)
"""Which of them moves it to which stage is the register's to say."""
FLOW = Flow(
    rows=(
        Row(EntryStep.CLOSE, frozenset({EntryState.OPEN}), EntryState.CLOSED, _ALL),
        Row(EntryStep.REOPEN, frozenset({EntryState.CLOSED}), EntryState.OPEN, _ALL),
    ),
    begins=EntryState.OPEN,
    opened=FactKind.REGISTER_ENTERED,
    facts={EntryStep.CLOSE: FactKind.REGISTER_CLOSED, EntryStep.REOPEN: FactKind.REGISTER_REOPENED},
    unlisted=frozenset(EntryStep),
    table="register_entry",
)
