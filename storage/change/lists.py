"""Lists of changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, func, literal, or_, union
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.change.list_filter import ChangeFilter
from bot.rules.record.totals import COUNTED_MOST, SEARCHED_MOST, Total
from storage import records
from storage.sql import containing
from storage.tables import Change
from storage.tables.practices.changes import OPEN as OPEN_AS_INDEXED


async def page(
    tx: AsyncSession, asked: ChangeFilter, person: str, now: datetime, limit: int, offset: int = 0
) -> list[Change]:
    """The soonest window first; a person's own, and where those that are done with are among them, the newest first."""
    soonest: list[UnaryExpression[Any]] = [col(Change.starts_at).asc(), col(Change.number).asc()]
    order = [col(Change.number).desc()] if asked.mine or asked.ended else soonest
    return await records.page(tx, Change, await _clauses(tx, asked, person, now), order, limit, offset)


async def count(tx: AsyncSession, asked: ChangeFilter, person: str, now: datetime) -> Total:
    """As far as anybody counts."""
    return await records.count(tx, Change, await _clauses(tx, asked, person, now))


async def left_out(tx: AsyncSession, asked: ChangeFilter) -> bool:
    """Whether there are older ones than a search among those that are done with looks through."""
    return _searched(asked) and await records.newest(tx, Change) > SEARCHED_MOST


def _searched(asked: ChangeFilter) -> bool:
    return asked.ended and not asked.mine


async def _clauses(tx: AsyncSession, asked: ChangeFilter, person: str, now: datetime) -> list[ColumnElement[bool]]:
    own = col(Change.requester) == person
    # A draft is its author's alone.
    found = [col(Change.state).in_(list(asked.states)), or_(col(Change.state) != ChangeState.DRAFT, own)]
    if not asked.ended:
        found.append(records.still(Change, OPEN_AS_INDEXED))
    if _searched(asked):
        found.append(records.stretch(Change.number, await records.newest(tx, Change)))
    if asked.mine:
        found.append(col(Change.number).in_(union(*(_newest_of(one, person) for one in _PARTS))))
    if asked.assigned:
        found.append(col(Change.implementer) == person)
    if asked.held:
        found.append(col(Change.held_by).is_not(None))
    if asked.missed:
        found += [col(Change.missed_at).is_not(None), col(Change.state) == ChangeState.SCHEDULED]
    if asked.service:
        found.append(_touches(asked.service))
    if asked.type:
        found.append(col(Change.type) == asked.type)
    if asked.risk:
        found.append(col(Change.risk) == asked.risk)
    if asked.starts_within is not None:
        found.append(col(Change.starts_at) <= now + asked.starts_within)
    return [*found, *(_has(word) for word in asked.words)]


def _has(word: str) -> ColumnElement[bool]:
    return or_(*(containing(one, word) for one in (Change.title, Change.why, Change.additional, Change.old_ref)))


_PARTS = (Change.requester, Change.implementer)


def _newest_of(column: Any, person: str) -> Any:
    """Numbers of the newest in which a person has this part: as many as are counted, each part by its index."""
    query = select(Change.number).where(col(column) == person).order_by(col(Change.number).desc())
    return select(query.limit(COUNTED_MOST + 1).subquery().c.number)


def _touches(service: str) -> ColumnElement[bool]:
    """Keys of the other services stand in one column, with spaces."""
    listed = literal(" ") + func.coalesce(col(Change.touches), "") + literal(" ")
    return or_(col(Change.service) == service, listed.contains(f" {service} ", autoescape=True))
