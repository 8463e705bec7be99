"""Approval: who is asked, and what their votes come to. Values in, an outcome out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.rules.change_refusals import NobodyToApprove


class Vote(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Outcome(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Cast:
    approver: str
    vote: Vote | None


def to_ask(members: Collection[str], requester: str, group: str) -> list[str]:
    """The group without the requester, in a steady order. Raises NobodyToApprove when that leaves none."""
    asked = sorted(set(members) - {requester})
    if not asked:
        raise NobodyToApprove(group=group)
    return asked


def outcome(votes: Sequence[Cast]) -> Outcome:
    """One vote decides; of several the first in the order given."""
    for cast in votes:
        if cast.vote is not None:
            return Outcome.APPROVED if cast.vote is Vote.APPROVE else Outcome.REJECTED
    return Outcome.WAITING
