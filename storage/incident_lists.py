"""Lists of incidents, a page at a time, through the eyes of who asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, bindparam, cast, literal, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.incident_filter import Filter
from bot.rules.sla import ClockState, Owner
from storage.columns import Moment
from storage.incidents import SEEN, Eyes
from storage.tables import Clock, Incident

_ESCAPE = "\\"


@dataclass(frozen=True)
class Asker:
    """Who asks for a list, and as what."""

    eyes: Eyes
    groups: Collection[str]
    """Keys of the groups that they are in: what is assigned to these is assigned to them."""
    now: datetime


@dataclass(frozen=True)
class Due:
    at: datetime
    passed: bool
    """It was due then, and what was promised is still not done."""


def next_due() -> ColumnElement[datetime]:
    """When the first of an incident's promises that is not done with is due, or was; NULL where none is, or all wait
    for somebody else. What others owe is no promise."""
    subject = literal("INC-") + cast(col(Incident.number), String)
    return (
        select(func.min(col(Clock.due_at), type_=Moment))
        .where(
            col(Clock.subject) == subject,
            col(Clock.owner) == Owner.DESK,
            col(Clock.state).in_([ClockState.RUNNING, ClockState.BREACHED]),
            col(Clock.paused_at).is_(None),
            col(Clock.ended_at).is_(None),
        )
        .scalar_subquery()
    )


async def page(
    tx: AsyncSession, asked: Filter, asker: Asker, limit: int, offset: int = 0, *, by_deadline: bool = False
) -> list[Incident]:
    """The most pressing priority first, and of one priority what is due sooner; or, by deadline, that alone.
    What promises nothing comes last."""
    told = _told(asked, asker) | {"most": limit, "skipped": offset}
    return list(await tx.exec(_page(asked, by_deadline), params=told))


async def count(tx: AsyncSession, asked: Filter, asker: Asker) -> int:
    return (await tx.exec(_count(asked), params=_told(asked, asker))).one()


async def due_of(tx: AsyncSession, incidents: Sequence[Incident], now: datetime) -> dict[int, Due]:
    """When the next promise of each is due; those that promise nothing now are left out."""
    numbers = [incident.number for incident in incidents]
    query = select(Incident.number, next_due()).where(col(Incident.number).in_(numbers))
    return {number: Due(at, at <= now) for number, at in await tx.exec(query) if at is not None}


@lru_cache(maxsize=256)
def _page(asked: Filter, by_deadline: bool) -> SelectOfScalar[Incident]:
    query = select(Incident).where(*_clauses(asked))
    priority, due = col(Incident.priority), next_due().asc().nulls_last()
    query = query.order_by(*((due, priority) if by_deadline else (priority, due)), col(Incident.number))
    return query.limit(bindparam("most")).offset(bindparam("skipped"))


@lru_cache(maxsize=256)
def _count(asked: Filter) -> SelectOfScalar[int]:
    return select(func.count()).select_from(Incident).where(*_clauses(asked))


def _told(asked: Filter, asker: Asker) -> dict[str, Any]:
    """What the clauses are asked with."""
    told = {"person": asker.eyes.person, "all_private": asker.eyes.all_private, "groups": list(asker.groups)}
    spans = {"older": asked.older_than, "younger": asked.younger_than}
    told |= {name: asker.now - span for name, span in spans.items() if span is not None}
    return told if asked.due_within is None else told | {"due": asker.now + asked.due_within}


def _clauses(asked: Filter) -> list[ColumnElement[bool]]:
    person: BindParameter[str] = bindparam("person")
    found = [col(Incident.state).in_(list(asked.states)), SEEN]
    if asked.mine:
        found.append(col(Incident.reporter) == person)
    if asked.assigned:
        found.append(or_(col(Incident.assignee) == person, _OF_GROUPS))
    if asked.unassigned:
        found.append(col(Incident.assignee).is_(None) & col(Incident.assigned_group).is_(None))
    if asked.service:
        found.append(col(Incident.service) == asked.service)
    if asked.priority:
        found.append(col(Incident.priority) == asked.priority)
    if asked.due_within is not None:
        found.append(next_due() <= bindparam("due"))
    if asked.older_than is not None:
        found.append(col(Incident.opened_at) <= bindparam("older"))
    if asked.younger_than is not None:
        found.append(col(Incident.opened_at) >= bindparam("younger"))
    return [*found, *map(_has, asked.words)]


_OF_GROUPS = col(Incident.assignee).is_(None) & col(Incident.assigned_group).in_(bindparam("groups", expanding=True))


def _has(word: str) -> ColumnElement[bool]:
    plain = word.replace(_ESCAPE, _ESCAPE * 2).replace("%", rf"{_ESCAPE}%").replace("_", rf"{_ESCAPE}_")
    pattern = f"%{plain}%"
    return or_(
        col(Incident.summary).ilike(pattern, escape=_ESCAPE), col(Incident.description).ilike(pattern, escape=_ESCAPE)
    )
