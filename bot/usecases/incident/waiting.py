"""What of incidents waits for somebody: the reporter's word, and what is assigned to them, in whatever group."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.record.waiting import Waits
from storage.incident import incidents
from storage.incident.lists import due_of


class Why(StrEnum):
    ANSWER = auto()
    """The desk asks the reporter."""
    CONFIRM = auto()
    """It was resolved; the reporter says whether it works."""
    ASSIGNED = auto()


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    found = await incidents.owed_by(tx, person)
    due = await due_of(tx, found, now) if found else {}
    return [
        Waits(one, why, promise.at if promise and why is Why.ASSIGNED else None, promise)
        for one in found
        for why, promise in [(_why(one.state, one.pending_on, mine=one.assignee == person), due.get(one.number))]
    ]


def _why(state: str, pending_on: str | None, *, mine: bool) -> Why:
    if state == IncidentState.RESOLVED:
        return Why.CONFIRM
    return Why.ASSIGNED if mine or pending_on != PendingOn.CUSTOMER else Why.ANSWER
