"""Lists of incidents, a page at a time, through the eyes of who asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident_filter import Filter
from bot.rules.sla import ClockState, Owner
from storage.columns import Moment
from storage.incidents import Eyes
from storage.tables import Clock, Incident

_ESCAPE = "\\"


@dataclass(frozen=True)
class Asker:
    """Who asks for a list, and as what."""

    eyes: Eyes
    groups: Collection[str]
    """Keys of the groups that they are in: what is assigned to these is assigned to them."""
    now: datetime


def next_due() -> ColumnElement[datetime]:
    """When the next of an incident's running promises is due; NULL where none runs. What others owe is no promise."""
    subject = literal("INC-") + cast(col(Incident.number), String)
    return (
        select(func.min(col(Clock.due_at), type_=Moment))
        .where(
            col(Clock.subject) == subject,
            col(Clock.owner) == Owner.DESK,
            col(Clock.state) == ClockState.RUNNING,
            col(Clock.ended_at).is_(None),
        )
        .scalar_subquery()
    )


async def page(
    tx: AsyncSession, asked: Filter, asker: Asker, limit: int, offset: int = 0, *, by_deadline: bool = False
) -> list[Incident]:
    """The most pressing first; or what is due soonest first, and what promises nothing last."""
    query = select(Incident).where(*clauses(asked, asker))
    if by_deadline:
        query = query.order_by(next_due().asc().nulls_last(), col(Incident.priority), col(Incident.number))
    else:
        query = query.order_by(col(Incident.priority), col(Incident.number))
    return list(await tx.exec(query.limit(limit).offset(offset)))


async def count(tx: AsyncSession, asked: Filter, asker: Asker) -> int:
    return (await tx.exec(select(func.count()).select_from(Incident).where(*clauses(asked, asker)))).one()


async def due_of(tx: AsyncSession, incidents: Sequence[Incident]) -> dict[int, datetime]:
    """When the next promise of each is due; those that promise nothing now are left out."""
    numbers = [incident.number for incident in incidents]
    query = select(Incident.number, next_due()).where(col(Incident.number).in_(numbers))
    return {number: due for number, due in await tx.exec(query) if due is not None}


def clauses(asked: Filter, asker: Asker) -> list[ColumnElement[bool]]:
    person = asker.eyes.person
    found = [col(Incident.state).in_(list(asked.states)), asker.eyes.clause]
    if asked.mine:
        found.append(col(Incident.reporter) == person)
    if asked.assigned:
        found.append(or_(col(Incident.assignee) == person, _of_groups(asker.groups)))
    if asked.unassigned:
        found.append(col(Incident.assignee).is_(None) & col(Incident.assigned_group).is_(None))
    if asked.service:
        found.append(col(Incident.service) == asked.service)
    if asked.priority:
        found.append(col(Incident.priority) == asked.priority)
    if asked.due_within is not None:
        found.append(next_due() <= asker.now + asked.due_within)
    return [*found, *_ages(asked, asker.now), *map(_has, asked.words)]


def _of_groups(groups: Collection[str]) -> ColumnElement[bool]:
    return col(Incident.assignee).is_(None) & col(Incident.assigned_group).in_(list(groups))


def _ages(asked: Filter, now: datetime) -> list[ColumnElement[bool]]:
    older = [col(Incident.opened_at) <= now - asked.older_than] if asked.older_than is not None else []
    younger = [col(Incident.opened_at) >= now - asked.younger_than] if asked.younger_than is not None else []
    return [*older, *younger]


def _has(word: str) -> ColumnElement[bool]:
    plain = word.replace(_ESCAPE, _ESCAPE * 2).replace("%", rf"{_ESCAPE}%").replace("_", rf"{_ESCAPE}_")
    pattern = f"%{plain}%"
    return or_(
        col(Incident.summary).ilike(pattern, escape=_ESCAPE), col(Incident.description).ilike(pattern, escape=_ESCAPE)
    )
