"""Lists of incidents, a page at a time, of those that somebody may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, text, union, union_all
from sqlalchemy import select as sa_select
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.incident.flow import OPEN
from bot.rules.incident.list_filter import Filter
from bot.rules.record.refs import Noun
from bot.rules.record.totals import COUNTED_MOST, SEARCHED_MOST, Total
from bot.rules.sla.clocks import ClockKind, ClockState, Owner
from storage import record_fields, records, sql
from storage.db.columns import Moment
from storage.db.snapshot import known
from storage.incident.incidents import SEEN, SUBJECT, Viewer
from storage.sql import containing
from storage.tables import Clock, Incident
from storage.tables.practices.incidents import OPEN as OPEN_AS_INDEXED


@dataclass(frozen=True)
class Asker:
    """Who asks for a list, and as what."""

    viewer: Viewer
    groups: Collection[str]
    """Keys of the groups that they are in: what is assigned to these is assigned to them."""
    now: datetime


@dataclass(frozen=True)
class Due:
    at: datetime
    kind: ClockKind
    passed: bool
    """It was due then, and what was promised is still not done."""


_PRESSES = (
    col(Clock.owner) == Owner.DESK,
    col(Clock.state).in_([ClockState.RUNNING, ClockState.BREACHED]),
    col(Clock.paused_at).is_(None),
    col(Clock.ended_at).is_(None),
)
"""What was promised and is not done with, where nobody else is waited for."""


def next_due() -> ColumnElement[datetime]:
    """When the first of an incident's promises that is not done with is due, or was; NULL where none is, or all wait
    for somebody else. What others owe is no promise."""
    return (
        select(func.min(col(Clock.due_at), type_=Moment))
        .where(
            col(Clock.subject) == SUBJECT,
            *_PRESSES,
        )
        .scalar_subquery()
    )


_FIRST_DUE = (
    sa_select(col(Clock.subject), func.min(col(Clock.due_at), type_=Moment).label("due"))
    .where(*_PRESSES)
    .group_by(col(Clock.subject))
)
"""The same of all at once."""


async def page(
    tx: AsyncSession, asked: Filter, asker: Asker, limit: int, offset: int = 0, *, by_deadline: bool = False
) -> list[Incident]:
    """The most pressing priority first, and of one priority what is due sooner; or, by deadline, that alone.
    What promises nothing comes last. Where those that are done with are among them, the newest first."""
    told = await _told(tx, asked, asker) | {"most": limit, "skipped": offset}
    found = list(await tx.exec(_page(asked, by_deadline), params=told))
    known(tx, {(Incident, one.number): one for one in found})
    return found


async def count(tx: AsyncSession, asked: Filter, asker: Asker) -> Total:
    """As far as anybody counts."""
    return Total.of((await tx.exec(_count(asked), params=await _told(tx, asked, asker))).one())


async def counts(tx: AsyncSession, asked: Sequence[Filter], asker: Asker) -> list[Total]:
    """As `count`, of several at once that are all of what is open."""
    if not asked:
        return []
    told = [await _told(tx, one, asker) for one in asked]
    if len({one["due"] for one in told if "due" in one}) > 1 or any(one.ended or one.words for one in asked):
        return [await count(tx, one, asker) for one in asked]
    values = {key: value for one in told for key, value in one.items()}
    return [Total.of(one) for one in (await sql.run(tx, _counts(tuple(asked)), values)).one()]


async def left_out(tx: AsyncSession, asked: Filter) -> bool:
    """Whether there are older ones than a search among those that are done with looks through."""
    return _searched(asked) and await records.newest(tx, Incident) > SEARCHED_MOST


async def due_of(tx: AsyncSession, incidents: Sequence[Incident], now: datetime) -> dict[int, Due]:
    """When the next promise of each is due; those that promise nothing now are left out."""
    by_subject = {str(incident.ref): incident.number for incident in incidents}
    query = select(Clock).where(col(Clock.subject).in_(list(by_subject)), *_PRESSES).order_by(col(Clock.due_at).desc())
    # The last to be written, which is due first, stays.
    return {
        by_subject[one.subject]: Due(one.due_at, ClockKind(one.kind), one.due_at <= now) for one in await tx.exec(query)
    }


@lru_cache(maxsize=256)
def _page(asked: Filter, by_deadline: bool) -> SelectOfScalar[Incident]:
    query = select(Incident).where(*_clauses(asked))
    if asked.ended:
        query = query.order_by(col(Incident.number).desc())
        return query.limit(bindparam("most")).offset(bindparam("skipped"))
    priority = col(Incident.priority)
    if by_deadline and not (asked.mine or asked.reported or asked.assigned):
        # Of all that is open: their clocks are read once, not those of each by itself.
        first = _FIRST_DUE.subquery()
        query = query.join(first, first.c.subject == SUBJECT, isouter=True)
        query = query.order_by(first.c.due.asc().nulls_last(), priority, col(Incident.number))
    else:
        due = next_due().asc().nulls_last()
        query = query.order_by(*((due, priority) if by_deadline else (priority, due)), col(Incident.number))
    return query.limit(bindparam("most")).offset(bindparam("skipped"))


@lru_cache(maxsize=256)
def _count(asked: Filter) -> SelectOfScalar[int]:
    counting: SelectOfScalar[int] = sql.counting(select(Incident.number).where(*_clauses(asked)))
    return counting


@lru_cache(maxsize=16)
def _counts(asked: tuple[Filter, ...]) -> Any:
    return sa_select(*(_count(one).scalar_subquery() for one in asked))


async def _told(tx: AsyncSession, asked: Filter, asker: Asker) -> dict[str, Any]:
    """What the clauses are asked with."""
    told = {"person": asker.viewer.person, "all_private": asker.viewer.all_private, "groups": list(asker.groups)}
    spans = {"older": asked.older_than, "younger": asked.younger_than}
    told |= {name: asker.now - span for name, span in spans.items() if span is not None}
    if _searched(asked):
        until = asker.now - asked.older_than if asked.older_than else None
        told["newest"] = await records.newest(tx, Incident, column=Incident.opened_at, until=until)
    return told if asked.due_within is None else told | {"due": asker.now + asked.due_within}


def _searched(asked: Filter) -> bool:
    """Whether only the newest are looked through: a person's own are found by an index, and so is all that is open."""
    return asked.ended and not (asked.mine or asked.reported)


def _clauses(asked: Filter) -> list[ColumnElement[bool]]:
    person: BindParameter[str] = bindparam("person")
    found: list[ColumnElement[bool]] = [SEEN]
    if not asked.ended:
        found.append(text(OPEN_AS_INDEXED))  # type: ignore[arg-type]
    # Not said twice: PostgreSQL took them for a fiftieth of what they are, and sorted them all by when they are due.
    if asked.states != OPEN:
        found.append(col(Incident.state).in_(list(asked.states)))
    if _searched(asked):
        found.append(records.stretch(Incident.number, bindparam("newest")))
    if asked.mine and asked.ended:
        found.append(col(Incident.number).in_(union(*map(_newest_of, (Incident.reporter, Incident.assignee)))))
    elif asked.mine:
        found.append(or_(col(Incident.reporter) == person, col(Incident.assignee) == person))
    if asked.reported:
        found.append(col(Incident.reporter) == person)
    if asked.assigned and not asked.ended:
        parts = (select(Incident.number).where(text(OPEN_AS_INDEXED), one) for one in (_ASSIGNED, _OF_GROUPS))
        found.append(col(Incident.number).in_(union_all(*parts)))
    elif asked.assigned:
        found.append(or_(_ASSIGNED, _OF_GROUPS))
    if asked.unassigned:
        found.append(col(Incident.assignee).is_(None) & col(Incident.assigned_group).is_(None))
    if asked.service:
        found.append(col(Incident.service) == asked.service)
    if asked.priorities:
        found.append(col(Incident.priority).in_(sorted(asked.priorities)))
    if asked.due_within is not None:
        # Read once, by when they are due: asked of each that is open, it was four pages apiece on PostgreSQL.
        pressing = select(Clock.subject).where(col(Clock.due_at) <= bindparam("due"), *_PRESSES)
        found.append(SUBJECT.in_(pressing))
    # Not by its index: that would lead through all that were ever opened by then.
    opened = func.coalesce(col(Incident.opened_at), col(Incident.opened_at))
    if asked.older_than is not None:
        found.append(opened <= bindparam("older"))
    if asked.younger_than is not None:
        found.append(opened >= bindparam("younger"))
    return [*found, *map(_has, asked.words)]


def _newest_of(column: Any) -> Any:
    """Numbers of the newest in which a person has this part: as many as are counted, each part by its index."""
    query = select(Incident.number).where(col(column) == bindparam("person")).order_by(col(Incident.number).desc())
    return select(query.limit(COUNTED_MOST + 1).subquery().c.number)


_ASSIGNED = col(Incident.assignee) == bindparam("person")
_OF_GROUPS = col(Incident.assignee).is_(None) & col(Incident.assigned_group).in_(bindparam("groups", expanding=True))


def _has(word: str) -> ColumnElement[bool]:
    texts = (
        containing(Incident.summary, word),
        containing(Incident.description, word),
        containing(Incident.old_ref, word),
    )
    return or_(*texts, record_fields.said(Noun.INCIDENT, Incident.number, word))
