"""Timers: deadlines as rows (law 4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.db.queued import queue, queued, written
from storage.sql import alone, changed, insertion, run
from storage.tables import Timer

SWEEP = 0x62656C6C
"""What the sweeping replica holds on PostgreSQL."""


def _moved(row: Any) -> Any:
    return row.on_conflict_do_update(
        index_elements=["subject", "kind", "occurrence"],
        set_={"due_at": row.excluded.due_at, "cancelled_at": None},
        where=col(Timer.fired_at).is_(None),
    )


_SCHEDULE = insertion(Timer, _moved)
_SCHEDULE_ONCE = insertion(
    Timer, lambda row: row.on_conflict_do_nothing(index_elements=["subject", "kind", "occurrence"])
)
_AGAIN = insertion(
    Timer,
    lambda row: row.on_conflict_do_update(
        index_elements=["subject", "kind", "occurrence"],
        set_={"due_at": row.excluded.due_at, "fired_at": None, "cancelled_at": None},
    ),
)
_QUEUE = "timers"
_NEXT = (
    select(Timer.due_at)
    .where(
        col(Timer.fired_at).is_(None),
        col(Timer.cancelled_at).is_(None),
        col(Timer.kind).not_in(bindparam("but", expanding=True)),
    )
    .order_by(col(Timer.due_at))
    .limit(1)
)


async def take_up(tx: AsyncSession) -> bool:
    """Whether this transaction alone may look for due timers, until it ends; False where another one does.

    All replicas sweep each second. Without this each would wait for the first, row by row, to find it rung.
    """
    return await alone(tx, SWEEP)


async def schedule(tx: AsyncSession, subject: str, kind: str, occurrence: str, due_at: datetime) -> None:
    """Set a timer, or move one that has not rung; one that has rung stays as it was."""
    await schedule_all(tx, subject, kind, {occurrence: due_at})


async def schedule_all(tx: AsyncSession, subject: str, kind: str, times: Mapping[str, datetime]) -> None:
    """As `schedule`, by occurrence."""
    rows = [{"subject": subject, "kind": kind, "occurrence": one, "due_at": at} for one, at in times.items()]
    if rows:
        queue(tx, _QUEUE, _set, *rows)


async def stand(tx: AsyncSession, subject: str, kinds: Collection[str] | None) -> None:
    """What was set of these kinds stands in the database; of all kinds where none are named."""
    waiting = [one for one in queued(tx, _QUEUE) if one["subject"] == subject]
    if any(kinds is None or one["kind"] in kinds for one in waiting):
        await written(tx, _QUEUE)


async def _set(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    await run(tx, _SCHEDULE(tx), rows)


async def schedule_once(tx: AsyncSession, subject: str, kind: str, occurrence: str, due_at: datetime) -> None:
    """Set a timer that nobody moves or silences. One that is set is not touched, so many may ask at once."""
    row = {"subject": subject, "kind": kind, "occurrence": occurrence, "due_at": due_at}
    await run(tx, _SCHEDULE_ONCE(tx), row)


async def again(tx: AsyncSession, subject: str, kind: str, due_at: datetime) -> None:
    """Set a timer that rings time and again: it is one row, for its rings are too many to keep."""
    await run(tx, _AGAIN(tx), {"subject": subject, "kind": kind, "occurrence": "again", "due_at": due_at})


async def cancel(tx: AsyncSession, subject: str, kind: str | None, at: datetime, *, put_off: bool = True) -> None:
    """Silence a record's timers of one kind, or all of them; `put_off`: those too that wait for somebody's hours."""
    await stand(tx, subject, None if kind is None else [kind])
    statement = update(Timer).where(
        col(Timer.subject) == subject, col(Timer.fired_at).is_(None), col(Timer.cancelled_at).is_(None)
    )
    if kind is not None:
        statement = statement.where(col(Timer.kind) == kind)
    if not put_off:
        statement = statement.where(col(Timer.occurrence).not_like("%~%"))
    await changed(tx, statement.values(cancelled_at=at))


async def silence(
    tx: AsyncSession, subject: str, kinds: Collection[str], at: datetime
) -> Mapping[str, Collection[datetime]]:
    """A record's timers of these kinds; `schedule` wakes those again that are wanted after all.

    When those were due that neither had rung nor been silenced, by kind.
    """
    await stand(tx, subject, kinds)
    statement = update(Timer).where(
        col(Timer.subject) == subject,
        col(Timer.kind).in_(kinds),
        col(Timer.fired_at).is_(None),
        col(Timer.cancelled_at).is_(None),
    )
    waited = defaultdict[str, set[datetime]](set)
    silenced = statement.values(cancelled_at=at).returning(col(Timer.kind), col(Timer.due_at))
    for kind, due_at in await run(tx, silenced):
        waited[kind].add(due_at)
    return waited


async def uncancelled(tx: AsyncSession, subject: str, kind: str) -> list[Timer]:
    """A record's timers of this kind that have rung, or are to."""
    await stand(tx, subject, [kind])
    query = select(Timer).where(
        col(Timer.subject) == subject, col(Timer.kind) == kind, col(Timer.cancelled_at).is_(None)
    )
    return list(await tx.exec(query.order_by(col(Timer.due_at), col(Timer.id))))


async def put_off(tx: AsyncSession, timer_id: int, until: datetime) -> None:
    """Have a timer that could not ring wait."""
    await written(tx, _QUEUE)
    statement = update(Timer).where(col(Timer.id) == timer_id, col(Timer.fired_at).is_(None))
    await changed(tx, statement.values(due_at=until))


def _due(kinds: ColumnElement[bool]) -> SelectOfScalar[Timer]:
    return (
        select(Timer)
        .where(
            col(Timer.due_at) <= bindparam("now"),
            col(Timer.fired_at).is_(None),
            col(Timer.cancelled_at).is_(None),
            kinds,
        )
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(bindparam("most", type_=Integer))
    )


_DUE_BUT = _due(col(Timer.kind).not_in(bindparam("kinds", expanding=True)))
_DUE_ONLY = _due(col(Timer.kind).in_(bindparam("kinds", expanding=True)))


async def due(
    tx: AsyncSession, now: datetime, limit: int, *, but: Collection[str] = (), only: Collection[str] | None = None
) -> list[Timer]:
    """Timers whose time has come, longest-waiting first: but those of some kinds, or only those."""
    await written(tx, _QUEUE)
    kinds = list(but) if only is None else list(only)
    query = _DUE_BUT if only is None else _DUE_ONLY
    return list(await tx.exec(query, params={"now": now, "kinds": kinds, "most": limit}))


async def next_due(tx: AsyncSession, but: Collection[str] = ()) -> datetime | None:
    """When the first timer that waits will ring (UTC); None when none waits. But those of some kinds."""
    await written(tx, _QUEUE)
    return (await tx.exec(_NEXT, params={"but": list(but)})).first()


_FREE = (
    select(Timer.id)
    .where(col(Timer.id) == bindparam("id"), col(Timer.fired_at).is_(None), col(Timer.cancelled_at).is_(None))
    .with_for_update(skip_locked=True)
)


async def is_free(tx: AsyncSession, timer_id: int) -> bool:
    """Whether it waits to be rung and no other transaction is about to; it is this one's then, until it ends."""
    await written(tx, _QUEUE)
    return (await tx.exec(_FREE, params={"id": timer_id})).first() is not None


async def fire(tx: AsyncSession, timer_id: int, at: datetime) -> bool:
    """Whether this caller is the one that rings it; nobody does who found it due and then sees it put off."""
    await written(tx, _QUEUE)
    statement = (
        update(Timer)
        .where(
            col(Timer.id) == timer_id,
            col(Timer.due_at) <= at,
            col(Timer.fired_at).is_(None),
            col(Timer.cancelled_at).is_(None),
        )
        .values(fired_at=at)
    )
    return await changed(tx, statement) == 1
