"""Lanes: who may deliver what next, so that order, pace and Slack's limits hold across replicas.

A lane is leased, not a row: one call is in flight a lane, and a fence that grows with each lease tells a replica that
was frozen past its lease that the lane is no longer its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Select, String, TextClause, bindparam, cast, func, literal_column, text
from sqlalchemy import select as sa_select
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import MAIL_LANE, WEBHOOK_LANE
from storage.db.columns import Moment
from storage.sql import Prepared, alone, changed, insertion, run, spoken
from storage.tables import Lane, Outbox
from storage.tables.delivery import UNFINISHED

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_OPENING = 0x6C616E65
"""What the replica that opens lanes holds on PostgreSQL: the others need not wait for the same ones."""

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

_TAKE = f"""
{_PENDING}
UPDATE lane SET fence = fence + 1, owner = :owner, lease_until = :lease_until WHERE name = (
  SELECT due.name FROM pending JOIN lane due ON due.name = pending.lane
  JOIN outbox head ON head.id = {_FIRST} LEFT JOIN lane gate ON gate.name = {_GATE}
  WHERE due.next_at <= :now AND (due.lease_until IS NULL OR due.lease_until <= :now)
  AND (gate.next_at IS NULL OR gate.next_at <= :now)
  ORDER BY due.next_at, due.name LIMIT 1 {{held}}
) RETURNING name, fence
"""  # noqa: S608

# A lane that is not open yet is due at once: when its row was written a clock said that may have been set since.
_NEXT = f"""
{_PENDING}
SELECT min({{latest}}(
  coalesce(lane.next_at, {{epoch}}),
  coalesce(lane.lease_until, {{epoch}}),
  coalesce(gate.next_at, {{epoch}})
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


def _timed(statement: str, *also: str) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=Moment()) for name in ("now", *also)))


def _in_both(statement: str, **columns: Any) -> Prepared:
    """With each database's word for the later of some moments, and for the first one."""
    words = {"sqlite": ("max", "0"), "postgresql": ("greatest", "to_timestamp(0)")}
    return spoken(
        {
            name: text(statement.format(latest=latest, epoch=epoch)).columns(**columns)
            for name, (latest, epoch) in words.items()
        }
    )


_OPEN_LANES = _timed(_OPEN)
_TAKE_FIRST_DUE = spoken(
    {
        name: _timed(_TAKE.format(held=held), "lease_until")
        for name, held in {"sqlite": "", "postgresql": "FOR UPDATE OF due SKIP LOCKED"}.items()
    }
)
_NEXT_DUE = _in_both(_NEXT, due=Moment())
_STUCK_LANES = _in_both(_STUCK, lane=String(), since=Moment())
_TABLE = Lane.__table__  # type: ignore[attr-defined]
_ROWS = Outbox.__table__  # type: ignore[attr-defined]
_IN_LANE, _POSTED, _AGAIN = _ROWS.alias("in_lane"), _ROWS.alias("posted"), _ROWS.alias("again")
_FIRST_OF_LANE = (
    sa_select(func.min(_IN_LANE.c.id)).where(_IN_LANE.c.lane == bindparam("queue"), text(UNFINISHED)).scalar_subquery()
)


def _head(version: str) -> Select[Any]:
    """`version`: what differs once another transaction has written a row, of a table by its name."""
    return (
        sa_select(
            Outbox,
            _POSTED.c.slack_channel,
            _POSTED.c.slack_ts,
            literal_column(version.format("outbox"), String),
            sa_select(literal_column(version.format("again"), String))
            .select_from(_AGAIN)
            .where(_AGAIN.c.coalesce_key == "redraw:" + cast(col(Outbox.id), String), text("again.state = 'ready'"))
            .scalar_subquery(),
        )
        .join(_POSTED, _POSTED.c.id == col(Outbox.redraws), isouter=True)
        .where(col(Outbox.id) == _FIRST_OF_LANE)
    )


_HEAD = spoken({"sqlite": _head("''"), "postgresql": _head("CAST({}.xmin AS text)")})
_CLOSE = insertion(
    Lane,
    lambda gate: gate.on_conflict_do_update(
        index_elements=["name"],
        set_={"next_at": gate.excluded.next_at},
        where=col(Lane.next_at) < gate.excluded.next_at,
    ),
)
_GIVE_BACK = (
    update(_TABLE)
    .where(_TABLE.c.name == bindparam("queue"), _TABLE.c.fence == bindparam("held"))
    .values(owner=None, lease_until=None)
)


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
    ends, until = monotonic() + seconds, now + timedelta(seconds=seconds)
    told = {"now": now, "owner": owner, "lease_until": until}
    # Of those that something was delivered in before: others are opened when none of them is due.
    taken = (await run(tx, _TAKE_FIRST_DUE(tx), told)).first()
    if taken is None and await alone(tx, _OPENING) and await changed(tx, _OPEN_LANES, {"now": now}):
        taken = (await run(tx, _TAKE_FIRST_DUE(tx), told)).first()
    return None if taken is None else Lease(taken.name, taken.fence, until, ends)


async def next_due(tx: AsyncSession) -> datetime | None:
    """When the first lane that waits may be delivered; None when nothing waits."""
    due: datetime | None = (await run(tx, _NEXT_DUE(tx))).scalar()
    return due


class Head(NamedTuple):
    """The row that is first in a lane."""

    row: Outbox
    channel: str | None
    ts: str | None
    """Where the message stands that it draws again, if that stands anywhere."""
    version: str
    """On PostgreSQL: the transaction that wrote the row last."""
    drawn_again: str | None
    """The same of a redraw of its message that waits already, which its drawing makes needless; None without one."""


async def head(tx: AsyncSession, lane: str) -> Head | None:
    found = (await run(tx, _HEAD(tx), {"queue": lane})).first()
    return None if found is None else Head(*found)


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
    await run(tx, statement, {"by": by // timedelta(microseconds=1)})


async def let_none_wait_past(tx: AsyncSession, now: datetime, leased: timedelta, furthest: timedelta) -> None:
    """Mend what a clock that was wrong left behind: nobody waits that long, and nobody holds a lane for longer."""
    # Endpoints of webhooks, and mail servers, wait for longer by their schedule.
    in_slack = (~col(Lane.name).startswith(one) for one in (WEBHOOK_LANE, MAIL_LANE))
    waiting = update(Lane).where(col(Lane.next_at) > now + furthest, *in_slack)
    await changed(tx, waiting.values(next_at=now + furthest))
    held = update(Lane).where(col(Lane.lease_until) > now + leased)
    await changed(tx, held.values(lease_until=now + leased))


async def close_gate(tx: AsyncSession, name: str, until: datetime) -> None:
    """Hold back all calls of one kind in the workspace: Slack said 429."""
    await run(tx, _CLOSE(tx), {"name": f"*{name}", "next_at": until, "fence": 0})


async def parked(tx: AsyncSession) -> list[Lane]:
    """Lanes that cannot be delivered, with the reason."""
    return list(await tx.exec(select(Lane).where(col(Lane.parked_reason).is_not(None)).order_by(col(Lane.name))))


async def stuck(tx: AsyncSession, before: datetime) -> list[tuple[str, datetime]]:
    """Lanes, parked ones apart, whose first row has been due or tried in vain since before then, and since when."""
    found = await run(tx, _STUCK_LANES(tx))
    return [(lane, since) for lane, since in found if since <= before]


async def _give_back(tx: AsyncSession, held: Lease, **values: Any) -> bool:
    return await changed(tx, _GIVE_BACK, {"queue": held.lane, "held": held.fence, **values}) == 1
