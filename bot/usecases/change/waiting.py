"""What of changes waits for somebody: questions, drafts, windows, work and reviews."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.record.waiting import Waits
from bot.usecases.change import approval
from storage.approval import questions
from storage.change import changes
from storage.tables import Change


class Why(StrEnum):
    VOTE = auto()
    """Its approval; the case, and whom the approver stands in for, are beside it."""
    QUESTION = auto()
    """An approver asks; the question is beside it."""
    DRAFT = auto()
    """Begun, or sent back; how its approval ended is beside it."""
    LEFT = auto()
    """As a draft, of a requester who has left; for its implementer."""
    OPEN = auto()
    """Its window is open, and it is not started."""
    MISSED = auto()
    """Its window passed without a start."""
    UNDER_WAY = auto()
    """To be finished by the end of its window."""
    REVIEW = auto()


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    every = await approval.waiting(tx, person, now)
    votes = [Waits(one.change, Why.VOTE, one.case.needed_at, one) for one in every]
    found = await changes.waiting_for(tx, person, now)
    cases = await approval.cases(tx, found)
    own = {str(one.ref): one for one in found if one.requester == person or one.state == ChangeState.AUTHORISE}
    asked = [Waits(own[one.subject], Why.QUESTION, None, one) for one in await questions.open_about(tx, list(own))]
    waits = [(one, _why(one, person, now)) for one in found]
    return [*votes, *asked, *(Waits(one, why, _due(one, why), cases.get(one.number)) for one, why in waits if why)]


def _why(change: Change, person: str, now: datetime) -> Why | None:
    state = ChangeState(change.state)
    if state is ChangeState.SCHEDULED:
        if change.missed or now >= change.ends_at:
            return Why.MISSED
        return Why.OPEN if change.implementer == person else None
    return {
        ChangeState.DRAFT: Why.DRAFT if change.requester == person else Why.LEFT,
        ChangeState.IMPLEMENTING: Why.UNDER_WAY,
        ChangeState.REVIEW: Why.REVIEW,
    }.get(state)


def _due(change: Change, why: Why) -> datetime | None:
    return change.ends_at if why in (Why.OPEN, Why.MISSED, Why.UNDER_WAY) else None
