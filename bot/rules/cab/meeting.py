"""Meetings of the change advisory board: what is on the agenda, and how it stood in the end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeState, Risk, Role
from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class MeetingState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class MeetingStep(StrEnum):
    CLOSE = "closed"


FLOW = Flow(
    rows=(Row(MeetingStep.CLOSE, frozenset({MeetingState.OPEN}), MeetingState.CLOSED, (Role.MANAGER,)),),
    begins=MeetingState.OPEN,
    opened=FactKind.CAB_OPENED,
    facts={MeetingStep.CLOSE: FactKind.CAB_CLOSED},
    table="cab_meeting",
)


class Why(StrEnum):
    """Why a change is on the agenda, in words that stay true whatever becomes of it."""

    WAITING = "for the board's vote"
    ADDED = "on request"
    LOOK_BACK = "to look back on"


@dataclass(frozen=True)
class VoteRecord:
    """A vote as it counted when the meeting was closed."""

    by: str
    seat: str
    """Whose word it was: theirs, or of whom they stood in for."""
    vote: Vote
    at: datetime
    comment: str


@dataclass(frozen=True)
class ItemOutcome:
    """A change as it stood when the meeting was closed; what is done to it later leaves the minutes as they are."""

    title: str
    type: str
    service: str
    """By its name."""
    revision: int
    state: ChangeState
    risk: Risk
    reasons: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    requester: str
    implementer: str
    decision: str | None
    result: str | None
    approved: int
    needs: int
    """Of the stage that was open."""
    voices: tuple[VoteRecord, ...]
    collisions: tuple[str, ...] = ()
    """What it ran into, each as “change CHG-3”."""
    waits: bool = False
    """Whether its approval was asked for and nobody had decided."""

    @property
    def outcome(self) -> str:
        """In a few words."""
        if self.decision and self.state is not ChangeState.CANCELLED:
            said = self.decision
        elif self.waits:
            said = f"still waits, with {self.approved} of {self.needs} approvals"
        else:
            said = self.state.label
        return f"{said}; {self.result}" if self.result else said


_SETTLED = TypeAdapter(ItemOutcome)


def kept(settled: ItemOutcome) -> str:
    """As storage keeps it."""
    return _SETTLED.dump_json(settled).decode()


def restored(text: str) -> ItemOutcome:
    return _SETTLED.validate_json(text)
