"""Questions about SLA clocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Update, and_, bindparam, text
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.incident.assignment_history import MOVED
from bot.rules.sla.clocks import PROMISED, Owner, clock_name
from storage.db.snapshot import is_added
from storage.sql import changed
from storage.tables import Clock, Entry
from storage.tables.clocks import OVERDUE
from storage.workspace.leavers import UNSERVED

Shows: TypeAlias = Callable[[Any], ColumnElement[bool]] | None
"""What is true of the references of records that who asks may know of; None where they may know of all."""

_ALL = (
    select(Clock)
    .where(Clock.subject == bindparam("about"))
    .order_by(col(Clock.due_at), col(Clock.kind), col(Clock.owner))
)
_HELD = _ALL.with_for_update().execution_options(populate_existing=True)


_OF_NEW, _ANEW = "clocks of new records", "clocks are read again"


def _of_new(tx: AsyncSession) -> list[Clock]:
    """What this transaction began, as it stands: of a record that is new in it there is nothing else to read."""
    return [] if _ANEW in tx.info else list(tx.info.get(_OF_NEW, {}).values())


async def save(tx: AsyncSession, *some: Clock) -> None:
    """New ones, or some that were `held`."""
    for clock in some:
        if is_added(tx, clock.subject):
            tx.info.setdefault(_OF_NEW, {})[id(clock)] = clock
    tx.add_all(some)
    await tx.flush()


async def of(tx: AsyncSession, subject: str) -> list[Clock]:
    """A record's clocks in their present cycle, the one that is due first before the others."""
    made = [one for one in _of_new(tx) if one.subject == subject]
    if made and is_added(tx, subject):
        return _present(sorted(made, key=lambda clock: (clock.due_at, clock.kind, clock.owner)))
    return _present(list(await tx.exec(_ALL, params={"about": subject})))


async def every(tx: AsyncSession, subject: str) -> list[Clock]:
    """A record's clocks in all their cycles, in the order in which they were started."""
    found = await tx.exec(_ALL, params={"about": subject})
    return sorted(found, key=lambda clock: (clock.cycle, clock.id or 0))


async def held(tx: AsyncSession, subject: str) -> list[Clock]:
    """As `of`, as they are now and nobody else's to change until this transaction ends."""
    return _present(list(await tx.exec(_HELD, params={"about": subject})))


async def behind(tx: AsyncSession, version: int, limit: int) -> list[Clock]:
    """Clocks that run under an older version of the policy, held."""
    query = select(Clock).where(col(Clock.ended_at).is_(None), col(Clock.policy_version) < version)
    return list(await tx.exec(query.order_by(col(Clock.id)).limit(limit).with_for_update()))


async def due_by(
    tx: AsyncSession,
    until: datetime,
    limit: int,
    service: str | None = None,
    *,
    ours: bool = True,
    shows: Shows = None,
) -> list[Clock]:
    """Promises that break by then unless something is done, the soonest first; or what others owe the desk."""
    query = select(Clock).where(
        _owed_by(ours),
        col(Clock.ended_at).is_(None),
        col(Clock.breached_at).is_(None),
        col(Clock.paused_at).is_(None),
        col(Clock.due_at) <= until,
    )
    query = _shown(_of_service(query, service), shows).order_by(col(Clock.due_at), col(Clock.id))
    return list(await tx.exec(query.limit(limit)))


async def broken_since(
    tx: AsyncSession,
    since: datetime,
    limit: int,
    service: str | None = None,
    *,
    ours: bool = True,
    shows: Shows = None,
) -> list[Clock]:
    """Promises that were broken since then, and those whose work is still not done; the newest first. Or others'."""
    found: dict[int | None, Clock] = {}
    # One after the other, each by its index: together, all that were ever broken would be looked through.
    for which in (col(Clock.breached_at) >= since, text(OVERDUE)):
        query = select(Clock).where(
            _owed_by(ours), col(Clock.breached_at).is_not(None), col(Clock.state) == "breached", which
        )
        query = _shown(_of_service(query, service), shows)
        query = query.order_by(col(Clock.breached_at).desc(), col(Clock.id).desc())
        found |= {clock.id: clock for clock in await tx.exec(query.limit(limit))}
    newest = sorted(found.values(), key=lambda one: (one.breached_at or since, one.id or 0), reverse=True)
    return newest[:limit]


async def tally(
    tx: AsyncSession, service: str, since: datetime, shows: Shows = None
) -> dict[str, tuple[int, int, int]]:
    """What was settled of a service since then, by the clock's name: kept, broken, and of these excused."""
    found: dict[str, tuple[int, int, int]] = {}
    # Done since then, and broken since then but done before or not at all: apart, so that each has its index.
    unended = or_(col(Clock.ended_at).is_(None), col(Clock.ended_at) < since)
    for which in (col(Clock.ended_at) >= since, and_(col(Clock.breached_at) >= since, unended)):
        query = (
            select(Clock.kind, Clock.owner, Clock.state, func.count(), func.count(col(Clock.excused_at)))  # type: ignore[call-overload]
            .where(Clock.service == service, which, col(Clock.state).in_(["met", "breached"]))
            .group_by(col(Clock.kind), col(Clock.owner), col(Clock.state))
        )
        if shows is not None:
            query = query.where(shows(col(Clock.subject)))
        for kind, owner, state, count, excused in await tx.exec(query):
            name = clock_name(kind, owner)
            kept, broken, forgiven = found.get(name, (0, 0, 0))
            met = state == "met"
            found[name] = (kept + count * met, broken + count * (not met), forgiven + excused * (not met))
    return found


async def started_since(tx: AsyncSession, since: datetime, after: int, limit: int) -> list[Clock]:
    """Clocks that were started since then, in the order of their ids, from the one after `after` on."""
    query = select(Clock).where(col(Clock.started_at) >= since, col(Clock.id) > after)
    return list(await tx.exec(query.order_by(col(Clock.id)).limit(limit)))


async def moved_since(tx: AsyncSession, since: datetime, after: str, limit: int) -> list[str]:
    """Incidents that passed into other hands since then, by reference, from the one after `after` on."""
    query = select(Entry.subject).where(
        col(Entry.at) >= since, col(Entry.kind).in_(list(MOVED)), col(Entry.subject) > after
    )
    return list(await tx.exec(query.distinct().order_by(col(Entry.subject)).limit(limit)))


async def untaken(tx: AsyncSession, subject: str) -> bool:
    """Whether a promise of this record is open that calls people on its way, and nobody has said to be on it."""
    ladders = [one for one in await of(tx, subject) if one.kind in PROMISED]
    return any(one.ended_at is None and one.taken_by is None for one in ladders)


async def take(tx: AsyncSession, subject: str, by: str, at: datetime) -> None:
    """Say who is on a record's open promises; those that somebody is on already stay theirs."""
    tx.info[_ANEW] = True
    await changed(tx, _open(subject).where(col(Clock.taken_by).is_(None)).values(taken_by=by, taken_at=at))


async def pass_on(tx: AsyncSession, subject: str, to: str | None, at: datetime) -> None:
    """Somebody else is on them from now on, or nobody is."""
    tx.info[_ANEW] = True
    await changed(tx, _open(subject).values(taken_by=to, taken_at=at if to else None))


async def with_the_departed(tx: AsyncSession) -> list[str]:
    """Records, by reference, of whose open promises somebody has said to be on who is served no more."""
    query = select(Clock.subject).where(col(Clock.taken_by).in_(UNSERVED), col(Clock.ended_at).is_(None))
    return list(await tx.exec(query.distinct().order_by(col(Clock.subject))))


def _open(subject: str) -> Update:
    return update(Clock).where(col(Clock.subject) == subject, col(Clock.ended_at).is_(None))


async def excuse(tx: AsyncSession, clock_id: int, by: str, at: datetime) -> bool:
    """Excuse a breach; False when there is none, or it was excused."""
    statement = update(Clock).where(
        col(Clock.id) == clock_id, col(Clock.breached_at).is_not(None), col(Clock.excused_at).is_(None)
    )
    tx.info[_ANEW] = True
    return await changed(tx, statement.values(excused_by=by, excused_at=at)) == 1


def _present(clocks: list[Clock]) -> list[Clock]:
    last = {clock.name: clock.cycle for clock in sorted(clocks, key=lambda one: one.cycle)}
    return [clock for clock in clocks if clock.cycle == last[clock.name]]


def _owed_by(ours: bool) -> ColumnElement[bool]:
    return col(Clock.owner) == Owner.DESK.value if ours else col(Clock.owner) != Owner.DESK.value


def _shown(query: SelectOfScalar[Clock], shows: Shows) -> SelectOfScalar[Clock]:
    return query if shows is None else query.where(shows(col(Clock.subject)))


def _of_service(query: SelectOfScalar[Clock], service: str | None) -> SelectOfScalar[Clock]:
    return query if service is None else query.where(col(Clock.service) == service)
