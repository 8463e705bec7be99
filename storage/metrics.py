"""How the desk stands, in numbers for whoever watches over it: a query each, over what waits and not over what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert.alerts import AlertState
from storage.approval.approvals import IN_OPEN_STAGE
from storage.tables import Alert, AlertDelivery, AlertSource, Approval, Entry, Lane, Outbox, Timer
from storage.tables.clocks import WAITING
from storage.tables.delivery import UNFINISHED
from storage.tables.practices.alerts import WAITING as UNHANDLED

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
    late_timers: Queue
    approvals: Queue
    """Seats in open stages whose word is still wanted."""
    unsealed: Queue
    deliveries: Queue
    """Of alerts, that wait to be worked off."""
    alerts: Mapping[str, int]
    """Alerts that fire; and of all sources deliveries, parts that could not be read, and what maintenance muted."""


async def read(tx: AsyncSession, now: datetime) -> Readings:
    return Readings(
        at=now,
        outbox=await _outbox(tx),
        undelivered=await _queue(tx, col(Outbox.created_at), text(UNFINISHED)),
        parked=await _parked(tx),
        late_timers=await _queue(tx, col(Timer.due_at), text(WAITING), col(Timer.due_at) <= now),
        approvals=await _approvals(tx),
        unsealed=await _queue(tx, col(Entry.at), col(Entry.seq).is_(None)),
        deliveries=await _queue(tx, col(AlertDelivery.received_at), text(UNHANDLED)),
        alerts=await _alerts(tx),
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
    return await _queue(tx, col(Approval.asked_at), *IN_OPEN_STAGE, col(Approval.vote).is_(None))


async def _alerts(tx: AsyncSession) -> dict[str, int]:
    counters = (AlertSource.deliveries, AlertSource.faults, AlertSource.muted)
    query: Any = select(*(func.coalesce(func.sum(column), 0) for column in counters))
    deliveries, faults, muted = (await tx.exec(query)).one()
    firing = select(func.count()).select_from(Alert).where(col(Alert.state) == AlertState.FIRING)
    return {"firing": (await tx.exec(firing)).one(), "deliveries": deliveries, "faults": faults, "muted": muted}


async def _queue(tx: AsyncSession, since: Any, *conditions: Any) -> Queue:
    query: Any = select(func.count(), func.min(since)).where(*conditions)
    return Queue(*(await tx.exec(query)).one())
