"""Lanes: who may deliver what next, so that order, pace and Slack's limits hold across replicas.

A lane is leased, not a row: one call is in flight a lane, and a fence that grows with each lease tells a replica that
was frozen past its lease that the lane is no longer its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import String, TextClause, bindparam, text
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Moment
from storage.statements import changed, insert
from storage.tables import Lane, Outbox
from storage.tables.delivery import UNFINISHED

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)

# Walks the index from lane to lane, so that a backlog costs what it has lanes and an idle lane costs nothing.
_PENDING = f"""
WITH RECURSIVE pending(lane) AS (
  SELECT min(outbox.lane) FROM outbox WHERE {UNFINISHED}
  UNION ALL
  SELECT (SELECT min(outbox.lane) FROM outbox WHERE {UNFINISHED} AND outbox.lane > pending.lane)
  FROM pending WHERE pending.lane IS NOT NULL
)
"""  # noqa: S608

_FIRST = f"(SELECT min(outbox.id) FROM outbox WHERE outbox.lane = pending.lane AND {UNFINISHED})"  # noqa: S608

# A row that was left in flight is only looked at, which no limit forbids.
_GATE = """CASE
  WHEN head.state = 'sending' THEN NULL
  WHEN head.state = 'ambiguous' AND head.verb = 'post' THEN '*look-up'
  ELSE '*' || head.verb END"""

_OPEN = f"""
INSERT INTO lane (name, next_at, fence) {_PENDING}
SELECT pending.lane, :now, 0 FROM pending
WHERE pending.lane IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lane WHERE lane.name = pending.lane)
ON CONFLICT DO NOTHING
"""  # noqa: S608

_DUE = f"""
{_PENDING}
SELECT lane.name FROM pending JOIN lane ON lane.name = pending.lane
JOIN outbox head ON head.id = {_FIRST} LEFT JOIN lane gate ON gate.name = {_GATE}
WHERE lane.next_at <= :now AND (lane.lease_until IS NULL OR lane.lease_until <= :now)
AND (gate.next_at IS NULL OR gate.next_at <= :now)
ORDER BY lane.next_at, lane.name LIMIT 1
"""  # noqa: S608

_NEXT = f"""
{_PENDING}
SELECT min({{latest}}(
  coalesce(lane.next_at, head.created_at),
  coalesce(lane.lease_until, lane.next_at, head.created_at),
  coalesce(gate.next_at, lane.next_at, head.created_at)
)) AS due FROM pending LEFT JOIN lane ON lane.name = pending.lane
JOIN outbox head ON head.id = {_FIRST} LEFT JOIN lane gate ON gate.name = {_GATE}
"""  # noqa: S608

_STUCK = f"""
{_PENDING}
SELECT pending.lane, coalesce(
  head.first_attempt_at, {{latest}}(coalesce(lane.next_at, head.created_at), head.created_at)
) AS since
FROM pending LEFT JOIN lane ON lane.name = pending.lane JOIN outbox head ON head.id = {_FIRST}
WHERE lane.parked_reason IS NULL ORDER BY since
"""  # noqa: S608


@dataclass(frozen=True)
class Lease:
    """The right to deliver a lane's first row, until it runs out or another takes the lane over."""

    lane: str
    fence: int
    until: datetime
    ends: float
    """The same by the monotonic clock, which goes on while a process is frozen and which nobody can set."""


async def lease(tx: AsyncSession, now: datetime, owner: str, seconds: float) -> Lease | None:
    """Lease the lane that has been due longest; None while none is due and free."""
    ends = monotonic() + seconds
    await tx.exec(_timed(_OPEN, now))  # type: ignore[call-overload]
    lock = "" if _is_sqlite(tx) else "FOR UPDATE OF lane SKIP LOCKED"
    name = (await tx.exec(_timed(_DUE + lock, now))).scalar()  # type: ignore[call-overload]
    if name is None:
        return None
    until = now + timedelta(seconds=seconds)
    statement = (
        update(Lane)
        .where(col(Lane.name) == name)
        .values(owner=owner, lease_until=until, fence=col(Lane.fence) + 1)
        .returning(col(Lane.fence))
    )
    return Lease(name, (await tx.exec(statement)).scalar_one(), until, ends)


async def next_due(tx: AsyncSession) -> datetime | None:
    """When the first lane that waits may be delivered; None when nothing waits."""
    statement = text(_NEXT.format(latest=_latest(tx))).columns(due=Moment())
    return (await tx.exec(statement)).scalar()  # type: ignore[call-overload, no-any-return]


async def head(tx: AsyncSession, lane: str) -> Outbox | None:
    """The row that is first in a lane."""
    query = select(Outbox).where(Outbox.lane == lane, text(UNFINISHED)).order_by(col(Outbox.id)).limit(1)
    return (await tx.exec(query)).first()


async def release(tx: AsyncSession, held: Lease, next_at: datetime) -> bool:
    """Give a lane back, to be delivered again from next_at on; False when it was taken over meanwhile."""
    return await _give_back(tx, held, next_at=next_at, parked_reason=None)


async def park(tx: AsyncSession, held: Lease, reason: str, until: datetime) -> bool:
    """Give a lane back that cannot be delivered; it is tried again then, or when it is unparked."""
    return await _give_back(tx, held, next_at=until, parked_reason=reason)


async def unpark(tx: AsyncSession, name: str | None = None) -> int:
    """Have a parked lane (all of them when None) tried again at once; returns how many were parked."""
    statement = update(Lane).where(col(Lane.parked_reason).is_not(None))
    if name is not None:
        statement = statement.where(col(Lane.name) == name)
    return await changed(tx, statement.values(parked_reason=None, next_at=AT_ONCE))


async def move(tx: AsyncSession, by: timedelta) -> None:
    """The machine's clock was set: what lanes wait for is a time from now, not an hour of the day. On SQLite alone."""
    statement = text("UPDATE lane SET next_at = next_at + :by, lease_until = lease_until + :by")
    await tx.exec(statement.bindparams(by=by // timedelta(microseconds=1)))  # type: ignore[call-overload]


async def let_none_wait_past(tx: AsyncSession, now: datetime, leased: timedelta, furthest: timedelta) -> None:
    """Mend what a clock that was wrong left behind: nobody waits that long, and nobody holds a lane for longer."""
    waiting = update(Lane).where(col(Lane.next_at) > now + furthest)
    await changed(tx, waiting.values(next_at=now + furthest))
    held = update(Lane).where(col(Lane.lease_until) > now + leased)
    await changed(tx, held.values(lease_until=now + leased))


async def close_gate(tx: AsyncSession, name: str, until: datetime) -> None:
    """Hold back all calls of one kind in the workspace: Slack said 429."""
    gate = insert(tx, Lane).values(name=f"*{name}", next_at=until, fence=0)
    await tx.exec(
        gate.on_conflict_do_update(index_elements=["name"], set_={"next_at": until}, where=col(Lane.next_at) < until)
    )


async def parked(tx: AsyncSession) -> list[Lane]:
    """Lanes that cannot be delivered, with the reason."""
    return list(await tx.exec(select(Lane).where(col(Lane.parked_reason).is_not(None)).order_by(col(Lane.name))))


async def stuck(tx: AsyncSession, before: datetime) -> list[tuple[str, datetime]]:
    """Lanes, parked ones apart, whose first row has been due or tried in vain since before then, and since when."""
    statement = text(_STUCK.format(latest=_latest(tx))).columns(lane=String(), since=Moment())
    found = await tx.exec(statement)  # type: ignore[call-overload]
    return [(lane, since) for lane, since in found if since <= before]


async def _give_back(tx: AsyncSession, held: Lease, **values: Any) -> bool:
    statement = update(Lane).where(col(Lane.name) == held.lane, col(Lane.fence) == held.fence)
    return await changed(tx, statement.values(owner=None, lease_until=None, **values)) == 1


def _timed(statement: str, now: datetime) -> TextClause:
    return text(statement).bindparams(bindparam("now", now, type_=Moment()))


def _latest(tx: AsyncSession) -> str:
    return "max" if _is_sqlite(tx) else "greatest"


def _is_sqlite(tx: AsyncSession) -> bool:
    return tx.get_bind().dialect.name == "sqlite"
