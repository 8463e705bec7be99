"""Questions about actions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import OPEN, PROMISED, ActionState
from bot.rules.action.list_filter import ActionFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import containing
from storage.tables import ActionItem
from storage.tables.actions import OPEN as OPEN_AS_INDEXED
from storage.workspace import leavers


@dataclass(frozen=True)
class Asker:
    """Who asks, and as what."""

    person: str
    groups: Collection[str]
    parents: Collection[str]
    """The private records with actions that this person may see."""
    today: date


async def page(tx: AsyncSession, asked: ActionFilter, asker: Asker, limit: int, offset: int = 0) -> list[ActionItem]:
    """What is due first comes first."""
    order: list[ColumnElement[Any]] = [col(ActionItem.due_on).asc(), col(ActionItem.number).asc()]
    return await records.page(tx, ActionItem, _clauses(asked, asker), order, limit, offset, ended=_searched(asked))


async def count(tx: AsyncSession, asked: ActionFilter, asker: Asker) -> int:
    return await records.count(tx, ActionItem, _clauses(asked, asker), ended=_searched(asked))


async def left_out(tx: AsyncSession, asked: ActionFilter) -> bool:
    return await records.left_out(tx, ActionItem, ended=_searched(asked))


def _searched(asked: ActionFilter) -> bool:
    """Whether only the newest are looked through: those of a person or record are found by an index, as is what is
    open."""
    return not set(asked.states) <= OPEN and not asked.mine and not asked.parent


async def private_parents(tx: AsyncSession) -> list[str]:
    """References of the private records that have actions."""
    query = select(ActionItem.parent).where(col(ActionItem.private), col(ActionItem.parent).is_not(None)).distinct()
    return [one for one in await tx.exec(query) if one]


async def hide(tx: AsyncSession, parents: Collection[str], *, private: bool) -> list[int]:
    """Those of these records are private as the records are by now. The numbers of those that were otherwise."""
    which = col(ActionItem.parent).in_(sorted(parents)), col(ActionItem.private).is_(not private)
    found = list(await tx.exec(select(ActionItem.number).where(*which)))
    if found:
        await tx.exec(update(ActionItem).where(*which).values(private=private))
    return found


async def of_parent(tx: AsyncSession, parent: str) -> list[ActionItem]:
    query = select(ActionItem).where(ActionItem.parent == parent).order_by(col(ActionItem.number))
    return list(await tx.exec(query))


async def to_verify(tx: AsyncSession, person: str) -> list[ActionItem]:
    """What is done of what this person asked for, and is not theirs to have done."""
    return await rows(tx, _TO_VERIFY, person)


async def of_parents(tx: AsyncSession, parents: Collection[str]) -> list[ActionItem]:
    query = select(ActionItem).where(col(ActionItem.parent).in_(sorted(parents))).order_by(col(ActionItem.number))
    return list(await tx.exec(query))


async def promised_by(tx: AsyncSession, person: str, until: date) -> list[ActionItem]:
    """What somebody still has to do by this day, what is due first first."""
    return await rows(tx, _PROMISED_BY, person, _PROMISED_UNTIL, until=until.isoformat())


async def of_groups(tx: AsyncSession, groups: Collection[str], until: date, late_since: date) -> list[ActionItem]:
    """What groups have to see to: what nobody of them owns, due by `until`, and what was due by `late_since`."""
    nobody = col(ActionItem.owner).is_(None) & (col(ActionItem.due_on) <= until.isoformat())
    late = col(ActionItem.due_on) <= late_since.isoformat()
    return await _promised(tx, col(ActionItem.owner_group).in_(list(groups)), or_(nobody, late))


async def of_leavers(tx: AsyncSession) -> list[ActionItem]:
    """Open ones of people whom Deskbell may not serve any more."""
    return await leavers.held(tx, ActionItem, ActionItem.owner, records.still(ActionItem, OPEN_AS_INDEXED))


async def _promised(tx: AsyncSession, *clauses: ColumnElement[bool]) -> list[ActionItem]:
    still = records.still(ActionItem, OPEN_AS_INDEXED)
    query = select(ActionItem).where(still, col(ActionItem.state).in_(sorted(PROMISED)), *clauses)
    return list(await tx.exec(query.order_by(col(ActionItem.due_on), col(ActionItem.number))))


def _clauses(asked: ActionFilter, asker: Asker) -> list[ColumnElement[bool]]:
    seen = or_(
        ~col(ActionItem.private),
        col(ActionItem.owner) == asker.person,
        col(ActionItem.parent).in_(list(asker.parents)),
    )
    found = [records.within(ActionItem.state, asked.states, ended=not set(asked.states) <= OPEN), seen]
    if set(asked.states) <= OPEN:
        found.append(records.still(ActionItem, OPEN_AS_INDEXED))
    if asked.mine:
        found.append(col(ActionItem.number).in_(records.newest_of(ActionItem.number, ActionItem.owner, asker.person)))
    if asked.group:
        found.append(col(ActionItem.owner_group).in_(list(asker.groups)))
    if asked.late:
        found.append(col(ActionItem.due_on) < asker.today.isoformat())
        found.append(col(ActionItem.state).in_(sorted(PROMISED)))
    if asked.kind:
        found.append(col(ActionItem.kind) == asked.kind)
    if asked.parent:
        found.append(col(ActionItem.parent) == asked.parent)
    return [*found, *(containing(ActionItem.title, word) for word in asked.words)]


_SOONEST = (col(ActionItem.due_on), col(ActionItem.number))
_TO_VERIFY = concern(
    select(ActionItem)
    .where(
        ActionItem.state == ActionState.DONE,
        ActionItem.raised_by == bindparam("person"),
        or_(col(ActionItem.owner).is_(None), col(ActionItem.owner) != bindparam("person")),
        or_(col(ActionItem.done_by).is_(None), col(ActionItem.done_by) != bindparam("person")),
    )
    .order_by(*_SOONEST)
)
_THEIRS = select(ActionItem).where(
    col(ActionItem.state).in_(sorted(PROMISED)), col(ActionItem.owner) == bindparam("person")
)
_PROMISED_BY = concern(_THEIRS)
_PROMISED_UNTIL = _THEIRS.where(col(ActionItem.due_on) <= bindparam("until")).order_by(*_SOONEST)
