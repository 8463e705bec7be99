"""Meetings of the change advisory board: what is on the agenda, and how it stood in the end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState, Risk


class MeetingState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Why(StrEnum):
    """Why a change is on the agenda, in words that stay true whatever becomes of it."""

    WAITING = "for the board's vote"
    ADDED = "on request"
    LOOK_BACK = "to look back on"


@dataclass(frozen=True)
class Voice:
    """A vote as it counted when the meeting was closed."""

    by: str
    seat: str
    """Whose word it was: theirs, or of whom they stood in for."""
    vote: Vote
    at: datetime
    comment: str


_VOTED_ON = (ChangeState.AUTHORISE, ChangeState.IMPLEMENTING, ChangeState.REVIEW)
"""Where votes may be missing; the latter two of what was begun without approval."""


@dataclass(frozen=True)
class Settled:
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
    voices: tuple[Voice, ...]
    collisions: tuple[str, ...] = ()
    """What it ran into, each as “change CHG-3”."""

    @property
    def outcome(self) -> str:
        """In a few words."""
        if self.decision and self.state is not ChangeState.CANCELLED:
            said = self.decision
        elif self.needs > self.approved and self.state in _VOTED_ON:
            said = f"still waits, with {self.approved} of {self.needs} approvals"
        else:
            said = self.state.label
        return f"{said}; {self.result}" if self.result else said


_SETTLED = TypeAdapter(Settled)


def kept(settled: Settled) -> str:
    """As storage keeps it."""
    return _SETTLED.dump_json(settled).decode()


def restored(text: str) -> Settled:
    return _SETTLED.validate_json(text)
