"""Questions about entries of registers."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, or_
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.register.flow import EntryState
from bot.rules.register.list_filter import EntryFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing
from storage.tables import RegisterEntry
from storage.workspace import leavers

_E = RegisterEntry


async def page(
    tx: AsyncSession, wanted: EntryFilter, by: str, today: str, limit: int, offset: int = 0
) -> list[RegisterEntry]:
    """The highest score first, then in the order of their numbers."""
    order: list[ColumnElement[Any]] = [func.coalesce(_E.score, -1).desc(), col(_E.number).asc()]
    return await records.page(tx, _E, _clauses(wanted, by, today), order, limit, offset)


async def count(tx: AsyncSession, wanted: EntryFilter, by: str, today: str) -> int:
    return await records.count(tx, _E, _clauses(wanted, by, today))


async def by_register(tx: AsyncSession) -> dict[str, int]:
    """How many entries of each are open."""
    query = select(_E.register_key, func.count()).where(_E.state == EntryState.OPEN).group_by(col(_E.register_key))
    return dict((await tx.exec(query)).all())


async def put(tx: AsyncSession, number: int, seen: int, **values: Any) -> bool:
    """Law 3: only on top of the revision that was seen. While a move waits for approval the revision stays: that is
    what is voted on, and whoever writes then holds the record first."""
    statement = update(_E).where(col(_E.number) == number, col(_E.revision) == seen)
    revision = case((col(_E.asked_stage).is_(None), seen + 1), else_=seen)
    return await changed(tx, statement.values(**{"revision": revision, **values})) == 1


async def late(tx: AsyncSession, person: str, today: str) -> list[RegisterEntry]:
    """Those that this person owns and whose review has come."""
    return await rows(tx, _OWNED, person, _OVERDUE, today=today)


async def open_of_all(tx: AsyncSession) -> list[RegisterEntry]:
    """What is reviewed at intervals, of every register."""
    query = select(RegisterEntry).where(col(RegisterEntry.state) == EntryState.OPEN)
    return list(await tx.exec(query.order_by(col(RegisterEntry.number))))


async def of_leavers(tx: AsyncSession) -> list[RegisterEntry]:
    return await leavers.held(tx, _E, _E.owner, _E.state == EntryState.OPEN)


async def reviewed(tx: AsyncSession, register: str, at: datetime) -> tuple[int, datetime | None, int, list[int]]:
    """Of a register: how many are open, when one was last entered or reviewed, how many are late, and some of them."""
    is_open = (_E.register_key == register, _E.state == EntryState.OPEN, col(_E.made_at) <= at)
    rows = list(await tx.exec(select(_E).where(*is_open).order_by(col(_E.number).desc())))
    newest = max((one.reviewed_at or one.made_at for one in rows), default=None)
    late_ones = sum(one.review_on < at.date().isoformat() or bool(one.leave_by and one.leave_by < at) for one in rows)
    return len(rows), newest, late_ones, [one.number for one in rows[:20]]


def _clauses(wanted: EntryFilter, by: str, today: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(_E.state).in_(sorted(wanted.states))]
    if wanted.register:
        found.append(col(_E.register_key) == wanted.register)
    if wanted.mine:
        found.append(col(_E.owner) == by)
    if wanted.late:
        day = datetime.combine(date.fromisoformat(today), time(), UTC)
        found += [or_(col(_E.review_on) < today, col(_E.leave_by) < day), col(_E.state) == EntryState.OPEN]
    return [*found, *(containing(_E.title, word) for word in wanted.words)]


_MINE = select(_E).where(_E.owner == bindparam("person"), _E.state == EntryState.OPEN)
_OWNED = concern(_MINE)
_OVERDUE = _MINE.where(col(_E.review_on) <= bindparam("today")).order_by(col(_E.review_on), col(_E.number))
