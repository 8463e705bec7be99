"""Questions about changes."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import OPEN, ChangeState, ChangeType, Result
from storage import records, sql
from storage.db.columns import Moment
from storage.sql import changed, insert
from storage.tables import Change, ChangeRevision
from storage.tables.practices.changes import OPEN as OPEN_AS_INDEXED
from storage.workspace.leavers import UNSERVED

_CHANGE = select(Change).where(Change.number == bindparam("number"))
_REQUESTED_BY = (
    select(Change)
    .where(Change.requester == bindparam("person"))
    .order_by(col(Change.number).desc())
    .limit(bindparam("most"))
)

_ASKED = col(Change.requester) == bindparam("person")
_DOES = col(Change.implementer) == bindparam("person")
_INHERITED = _DOES & col(Change.requester).in_(UNSERVED)
_DRAFTS_OF = select(Change.number).where(col(Change.state) == ChangeState.DRAFT, or_(_ASKED, _INHERITED))
_OPEN_OF = select(Change.number).where(
    text(OPEN_AS_INDEXED),
    or_(
        or_(_ASKED, _INHERITED) & (col(Change.state) == ChangeState.AUTHORISE),
        _DOES & (col(Change.state) == ChangeState.IMPLEMENTING),
        or_(_ASKED, _DOES) & (col(Change.state) == ChangeState.REVIEW),
        (col(Change.state) == ChangeState.SCHEDULED)
        & or_(
            or_(_ASKED, _DOES) & col(Change.missed_at).is_not(None),
            _DOES & (col(Change.starts_at) <= bindparam("now", type_=Moment)) & col(Change.held_by).is_(None),
        ),
    ),
)
# Drafts by their state and the others by the index of what is open: by one OR, all changes of a person, or all that
# ever were, would be looked through.
_WAITING_FOR = (
    select(Change)
    .where(col(Change.number).in_(_DRAFTS_OF.union_all(_OPEN_OF)))
    .order_by(col(Change.starts_at), col(Change.number))
)


async def add(tx: AsyncSession, change: Change) -> None:
    await records.add(tx, change)


async def get(tx: AsyncSession, number: int) -> Change | None:
    return (await tx.exec(_CHANGE, params={"number": number})).first()


async def numbered(tx: AsyncSession, numbers: Collection[int]) -> dict[int, Change]:
    """Several at once, by number."""
    if not numbers:
        return {}
    found = await tx.exec(select(Change).where(col(Change.number).in_(list(numbers))))
    return {one.number: one for one in found}


async def open_ones(tx: AsyncSession, limit: int) -> list[Change]:
    """Changes that were asked for and are not done with, the soonest window first."""
    query = select(Change).where(records.still(Change, OPEN_AS_INDEXED))
    return list(await tx.exec(query.order_by(col(Change.starts_at), col(Change.number)).limit(limit)))


async def count_open(tx: AsyncSession) -> int:
    return await sql.count(tx, Change, OPEN)


async def under_way(tx: AsyncSession) -> list[Change]:
    """Changes that are scheduled, worked on or reviewed."""
    states = (ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW)
    query = select(Change).where(col(Change.state).in_(states))
    return list(await tx.exec(query.order_by(col(Change.number))))


async def unstaffed(tx: AsyncSession) -> list[Change]:
    """Open changes whose implementer may carry nothing out any more, by number."""
    query = select(Change).where(records.still(Change, OPEN_AS_INDEXED), col(Change.implementer).in_(UNSERVED))
    return list(await tx.exec(query.order_by(col(Change.number))))


async def orphaned(tx: AsyncSession) -> list[Change]:
    """Open changes whose requester has left, by number."""
    query = select(Change).where(records.still(Change, OPEN_AS_INDEXED), col(Change.requester).in_(UNSERVED))
    return list(await tx.exec(query.order_by(col(Change.number))))


async def requested_by(tx: AsyncSession, person: str, limit: int) -> list[Change]:
    """A person's changes, newest first."""
    return list(await tx.exec(_REQUESTED_BY, params={"person": person, "most": limit}))


async def waiting_for(tx: AsyncSession, person: str, now: datetime) -> list[Change]:
    """What its requester or implementer may have to do something about, the soonest window first."""
    return list(await tx.exec(_WAITING_FOR, params={"person": person, "now": now}))


async def step(
    tx: AsyncSession,
    number: int,
    *,
    frm: Collection[str],
    revision: int | None,
    revised: int | None = None,
    unheld: bool = False,
    **values: Any,
) -> bool:
    """Move on from one of the states `frm`; False when it had moved already.

    The revision stays, unless it is `revised`: it tells what was asked for, which votes are about, and not how far the
    change has come. `unheld`: only where no freeze holds it.
    """
    if revised is not None:
        values["revision"] = revised
    also = [col(Change.held_by).is_(None)] if unheld else []
    return await sql.step(tx, Change, number, frm, revision, values, *also)


async def held(tx: AsyncSession, number: int) -> None:
    """Hold a change until this transaction ends, whatever its state."""
    await changed(tx, update(Change).where(col(Change.number) == number).values(number=number))


async def between(tx: AsyncSession, states: Collection[str], frm: datetime, to: datetime) -> list[Change]:
    """Changes in these states whose windows meet [frm, to), the soonest first."""
    query = _OPEN_BETWEEN if OPEN.issuperset(states) else _BETWEEN
    return list(await tx.exec(query, params={"states": list(states), "frm": frm, "to": to}))


_BETWEEN = (
    select(Change)
    .where(
        col(Change.state).in_(bindparam("states", expanding=True)),
        col(Change.starts_at) < bindparam("to"),
        col(Change.ends_at) > bindparam("frm"),
    )
    .order_by(col(Change.starts_at), col(Change.number))
)
_OPEN_BETWEEN = _BETWEEN.where(records.still(Change, OPEN_AS_INDEXED))


async def held_by(tx: AsyncSession, window: int, states: Collection[str]) -> list[Change]:
    """Changes in these states that this freeze holds, by number."""
    query = select(Change).where(Change.held_by == window, col(Change.state).in_(list(states)))
    return list(await tx.exec(query.order_by(col(Change.number))))


async def keep_revision(
    tx: AsyncSession, number: int, revision: int, told: Mapping[str, str], by: str, at: datetime
) -> None:
    """What this revision asks for; of one that is kept already, what it asks for now."""
    text = json.dumps(dict(told), ensure_ascii=False, sort_keys=True)
    row = insert(tx, ChangeRevision).values(change=number, revision=revision, at=at, by=by, told=text)
    await tx.exec(row.on_conflict_do_update(index_elements=["change", "revision"], set_={"told": text}))


async def was_asked_for(tx: AsyncSession, number: int) -> bool:
    """False of a draft that nobody but its author has seen."""
    return (await tx.exec(select(ChangeRevision.change).where(ChangeRevision.change == number))).first() is not None


async def told_in(tx: AsyncSession, number: int, revision: int) -> Mapping[str, str]:
    """What a revision asked for, by field; empty where there was none such."""
    query = select(ChangeRevision.told).where(ChangeRevision.change == number, ChangeRevision.revision == revision)
    found = (await tx.exec(query)).first() if revision > 0 else None
    told: dict[str, str] = json.loads(found) if found else {}
    return told


async def clean_ones(tx: AsyncSession, service: str, title: str) -> int:
    """How often a normal change of this service and title was closed as a success."""
    query = (
        select(func.count())
        .select_from(Change)
        .where(
            Change.service == service,
            func.lower(col(Change.title)) == title.lower(),
            Change.type == ChangeType.NORMAL,
            Change.state == ChangeState.CLOSED,
            Change.result == Result.SUCCESS,
            col(Change.caused).is_(None),
        )
    )
    return (await tx.exec(query)).one()
