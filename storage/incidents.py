"""Questions about incidents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, bindparam, literal, or_, true
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident_flow import OPEN
from storage import statements
from storage.tables import Incident, IncidentPerson

READ_ALIKE_MOST = 300
"""Incidents of one service that are compared with what is being typed."""


@dataclass(frozen=True)
class Eyes:
    """Whose eyes a query looks through: private incidents exist for some alone."""

    person: str
    all_private: bool = False
    """Of the group that works on private incidents."""

    @property
    def clause(self) -> ColumnElement[bool]:
        """True of the incidents that these eyes may see."""
        return true() if self.all_private else _seen_by(literal(self.person))


def _seen_by(person: ColumnElement[str]) -> ColumnElement[bool]:
    added = select(IncidentPerson.incident).where(IncidentPerson.person == person)
    return or_(
        ~col(Incident.private),
        col(Incident.reporter) == person,
        col(Incident.assignee) == person,
        col(Incident.number).in_(added),
    )


SEEN = or_(bindparam("all_private", type_=Boolean()), _seen_by(bindparam("person")))
"""The same for a statement that is put together before there are eyes: it takes `all_private` and `person`."""

_INCIDENT = select(Incident).where(Incident.number == bindparam("number"))
_SEEN_BY = _INCIDENT.where(SEEN)


async def add(tx: AsyncSession, incident: Incident) -> None:
    tx.add(incident)
    await tx.flush()


async def get(tx: AsyncSession, number: int) -> Incident | None:
    return (await tx.exec(_INCIDENT, params={"number": number})).first()


async def seen_by(tx: AsyncSession, number: int, eyes: Eyes) -> Incident | None:
    """None for one that is not there, or not for these eyes."""
    told = {"number": number, "person": eyes.person, "all_private": eyes.all_private}
    return (await tx.exec(_SEEN_BY, params=told)).first()


async def logged_from(tx: AsyncSession, channel: str, thread_ts: str) -> Incident | None:
    """The newest incident that was logged from this thread."""
    query = select(Incident).where(Incident.origin_channel == channel, Incident.origin_ts == thread_ts)
    return (await tx.exec(query.order_by(col(Incident.number).desc()))).first()


_OPEN_ON = (
    select(Incident)
    .where(
        Incident.service == bindparam("service"),
        col(Incident.state).in_(list(OPEN)),
        SEEN,
    )
    .order_by(col(Incident.number).desc())
    .limit(READ_ALIKE_MOST)
)
"""Put together once: each form that opens asks, and each pause of the typing, and that was half of what it cost."""


async def open_on(tx: AsyncSession, service: str, eyes: Eyes) -> list[Incident]:
    """Open incidents of a service, newest first."""
    told = {"service": service, "person": eyes.person, "all_private": eyes.all_private}
    return list(await tx.exec(_OPEN_ON, params=told))


async def open_ones(tx: AsyncSession, limit: int) -> list[Incident]:
    """Public incidents still to be resolved: the most pressing priority first, then the longest open."""
    query = (
        select(Incident)
        .where(col(Incident.state).in_(list(OPEN)), ~col(Incident.private))
        .order_by(col(Incident.priority), col(Incident.number))
    )
    return list(await tx.exec(query.limit(limit)))


async def hold(tx: AsyncSession, number: int) -> None:
    """An incident is nobody else's to change until this transaction ends."""
    query = select(Incident.number).where(col(Incident.number) == number)
    await tx.exec(query.with_for_update(key_share=True))


async def step(tx: AsyncSession, number: int, *, frm: Collection[str], revision: int | None, **values: Any) -> bool:
    """Move on from one of the states `frm` and raise the revision; False when it had moved already."""
    return await statements.step(tx, Incident, number, frm, revision, values | {"revision": Incident.revision + 1})


async def touch(tx: AsyncSession, number: int, *, frm: Collection[str], **values: Any) -> int | None:
    """Change what is no step, in one of these states: the new revision, or None when it had moved on."""
    statement = (
        update(Incident)
        .where(col(Incident.number) == number, col(Incident.state).in_(list(frm)))
        .values(**values, revision=Incident.revision + 1)
        .returning(col(Incident.revision))
        .execution_options(**statements.AS_WRITTEN)
    )
    return (await tx.exec(statement)).scalar()


def unless_set(column: str, value: Any) -> Any:
    """A value for `step` and `touch` that leaves what stands in the column already."""
    kept: Any = getattr(Incident, column)
    return func.coalesce(kept, literal(value, kept.type))


async def rate(tx: AsyncSession, number: int, rating: int, comment: str | None, at: datetime) -> bool:
    """Keep the reporter's rating; False when there is one already."""
    statement = update(Incident).where(col(Incident.number) == number, col(Incident.rating).is_(None))
    return await statements.changed(tx, statement.values(rating=rating, rating_comment=comment, rated_at=at)) == 1


async def reported_by(tx: AsyncSession, person: str, limit: int) -> list[Incident]:
    """A person's incidents, newest first."""
    query = select(Incident).where(Incident.reporter == person).order_by(col(Incident.number).desc())
    return list(await tx.exec(query.limit(limit)))
