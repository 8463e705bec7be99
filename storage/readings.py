"""How the desk stands, in numbers for whoever watches over it: a query each, over what waits and not over what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import ChangeState
from storage.tables import Alarm, Approval, Change, Entry, Lane, Outbox
from storage.tables.clocks import WAITING
from storage.tables.delivery import UNFINISHED

STATES = ("ready", "sending", "ambiguous", "dead")
"""Of outbox rows that somebody may have to see to."""


@dataclass(frozen=True)
class Queue:
    """How many wait, and since when the first of them does."""

    count: int
    since: datetime | None

    def age(self, now: datetime) -> float:
        """Seconds; 0 while nothing waits."""
        return max((now - self.since).total_seconds(), 0.0) if self.since else 0.0


@dataclass(frozen=True)
class Readings:
    at: datetime
    outbox: Mapping[str, int]
    """Rows by state, for each of STATES."""
    undelivered: Queue
    parked: int
    late_alarms: Queue
    approvals: Queue
    """Seats in open stages whose word is still wanted."""
    unsealed: Queue


async def read(tx: AsyncSession, now: datetime) -> Readings:
    return Readings(
        at=now,
        outbox=await _outbox(tx),
        undelivered=await _queue(tx, col(Outbox.created_at), text(UNFINISHED)),
        parked=await _parked(tx),
        late_alarms=await _queue(tx, col(Alarm.due_at), text(WAITING), col(Alarm.due_at) <= now),
        approvals=await _approvals(tx),
        unsealed=await _queue(tx, col(Entry.at), col(Entry.seq).is_(None)),
    )


async def _outbox(tx: AsyncSession) -> dict[str, int]:
    # Two questions, since each has an index over its own few rows, and a list of states has none.
    counted = dict.fromkeys(STATES, 0)
    for some in (UNFINISHED, "state = 'dead'"):
        query = select(Outbox.state, func.count()).where(text(some)).group_by(Outbox.state)
        counted.update(dict((await tx.exec(query)).all()))
    return counted


async def _parked(tx: AsyncSession) -> int:
    return (await tx.exec(select(func.count()).select_from(Lane).where(col(Lane.parked_reason).is_not(None)))).one()


async def _approvals(tx: AsyncSession) -> Queue:
    seat_of = (
        col(Change.number) == Approval.change,
        col(Change.revision) == Approval.revision,
        col(Change.stage) == Approval.stage,
    )
    open_seat = (col(Change.state) == ChangeState.AUTHORISE, col(Approval.vote).is_(None))
    return await _queue(tx, col(Approval.asked_at), *seat_of, *open_seat)


async def _queue(tx: AsyncSession, since: Any, *conditions: Any) -> Queue:
    query: Any = select(func.count(), func.min(since)).where(*conditions)
    return Queue(*(await tx.exec(query)).one())
