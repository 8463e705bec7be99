"""Questions about incidents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    String,
    bindparam,
    case,
    cast,
    false,
    literal,
    or_,
    text,
    true,
    union_all,
)
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.record.refs import Noun
from storage import records, sql
from storage.db.concerning import concern, rows
from storage.tables import Incident, Person, RecordPerson
from storage.tables.practices.incidents import OPEN as OPEN_AS_INDEXED
from storage.workspace.leavers import UNSERVED

READ_HERE_MOST = 1_000
"""By their numbers. A process takes a second to start, in which so many are read, and counted in many ways."""
READ_ALIKE_MOST = 300
"""Incidents of one service that are compared with what is being typed."""


@dataclass(frozen=True)
class Viewer:
    """Whose eyes a query looks through: private incidents exist for some alone."""

    person: str
    all_private: bool = False
    """Of the group that works on private incidents."""

    @property
    def clause(self) -> ColumnElement[bool]:
        """True of the incidents that these eyes may see."""
        return true() if self.all_private else _seen_by(literal(self.person))

    @property
    def hidden(self) -> SelectOfScalar[str] | None:
        """The references of those that they may not see; None where they see all. Never holds a NULL: it may stand
        behind NOT IN."""
        if self.all_private:
            return None
        shown = select(Incident.number).where(col(Incident.private), self.clause)
        return select(SUBJECT).where(col(Incident.private), col(Incident.number).not_in(shown))

    def shows(self, subject: ColumnElement[str]) -> ColumnElement[bool]:
        """True of a reference in another table unless it is of an incident that these eyes may not see.

        Each is looked up by its number. Beside `hidden`, which reads all that are private, it is for what is asked at
        every turn of a few: a desk may have ten thousand private incidents. A value and no EXISTS, which PostgreSQL
        would make a join of, and read all that are private for each row while its statistics tell of few.
        """
        if self.all_private:
            return true()
        number = case(
            (subject.startswith(f"{Noun.INCIDENT}-"), cast(func.substr(subject, len(Noun.INCIDENT) + 2), Integer))
        )
        unseen = select(~func.coalesce(self.clause, false())).where(
            col(Incident.private), col(Incident.number) == number
        )
        return ~func.coalesce(unseen.scalar_subquery(), false())


SUBJECT = literal(f"{Noun.INCIDENT}-") + cast(col(Incident.number), String)
"""An incident's reference, as other tables keep it."""


def _seen_by(person: ColumnElement[str]) -> ColumnElement[bool]:
    added = select(RecordPerson.subject).where(RecordPerson.person == person)
    return or_(
        ~col(Incident.private),
        col(Incident.reporter) == person,
        col(Incident.assignee) == person,
        SUBJECT.in_(added),
    )


SEEN = or_(bindparam("all_private", type_=Boolean()), _seen_by(bindparam("person")))
"""The same for a statement that is put together before there are eyes: it takes `all_private` and `person`."""

_INCIDENT = select(Incident).where(Incident.number == bindparam("number"))
_SEEN_BY = _INCIDENT.where(SEEN)


async def add(tx: AsyncSession, incident: Incident) -> None:
    await records.add(tx, incident)


async def get(tx: AsyncSession, number: int) -> Incident | None:
    return (await tx.exec(_INCIDENT, params={"number": number})).first()


async def seen_by(tx: AsyncSession, number: int, viewer: Viewer) -> Incident | None:
    """None for one that is not there, or not for these eyes."""
    told = {"number": number, "person": viewer.person, "all_private": viewer.all_private}
    return (await tx.exec(_SEEN_BY, params=told)).first()


async def several(tx: AsyncSession, numbers: Collection[int]) -> dict[int, Incident]:
    """By their numbers, whoever may see them."""
    found = await tx.exec(select(Incident).where(col(Incident.number).in_(sorted(numbers))))
    return {incident.number: incident for incident in found}


async def logged_from(tx: AsyncSession, channel: str, thread_ts: str) -> Incident | None:
    """The newest incident that was logged from this thread."""
    query = select(Incident).where(Incident.origin_channel == channel, Incident.origin_ts == thread_ts)
    return (await tx.exec(query.order_by(col(Incident.number).desc()))).first()


_ARE_ON = (Incident.service == bindparam("service"), text(OPEN_AS_INDEXED), SEEN)
_OPEN_ON = select(Incident).where(*_ARE_ON).order_by(col(Incident.number).desc()).limit(READ_ALIKE_MOST)
_SUMMARIES_ON = (
    select(Incident.number, Incident.summary)
    .where(*_ARE_ON)
    .order_by(col(Incident.number).desc())
    .limit(READ_ALIKE_MOST)
)
"""Put together once: each form that opens asks, and each pause of the typing, and that was half of what it cost."""


class Summary(NamedTuple):
    number: int
    summary: str


async def summaries_on(tx: AsyncSession, service: str, viewer: Viewer) -> list[Summary]:
    """Of the open incidents of a service, newest first: of many that are read few are shown."""
    told = {"service": service, "person": viewer.person, "all_private": viewer.all_private}
    return [Summary(*row) for row in await tx.exec(_SUMMARIES_ON, params=told)]


async def open_on(tx: AsyncSession, service: str, viewer: Viewer) -> list[Incident]:
    """Open incidents of a service, newest first."""
    told = {"service": service, "person": viewer.person, "all_private": viewer.all_private}
    return list(await tx.exec(_OPEN_ON, params=told))


async def open_with(tx: AsyncSession, assignee: str, viewer: Viewer) -> list[Incident]:
    """Open incidents that somebody has, as far as another may see them."""
    query = select(Incident).where(text(OPEN_AS_INDEXED), col(Incident.assignee) == assignee, viewer.clause)
    return list(await tx.exec(query.order_by(col(Incident.number)).limit(READ_ALIKE_MOST)))


async def open_ones(tx: AsyncSession, limit: int) -> list[Incident]:
    """Public incidents still to be resolved: the most pressing priority first, then the longest open."""
    query = (
        select(Incident)
        .where(text(OPEN_AS_INDEXED), ~col(Incident.private))
        .order_by(col(Incident.priority), col(Incident.number))
    )
    return list(await tx.exec(query.limit(limit)))


async def are_few(tx: AsyncSession, since: datetime) -> bool:
    """Whether those that were opened since then are read and counted sooner than another process starts."""
    before = await records.newest(tx, Incident, column=Incident.opened_at, until=since)
    return await records.newest(tx, Incident) - before <= READ_HERE_MOST


async def hold(tx: AsyncSession, number: int) -> None:
    """An incident is nobody else's to change until this transaction ends."""
    query = select(Incident.number).where(col(Incident.number) == number)
    await tx.exec(query.with_for_update(key_share=True))


async def step(tx: AsyncSession, number: int, *, frm: Collection[str], revision: int | None, **values: Any) -> bool:
    """Move on from one of the states `frm` and raise the revision; False when it had moved already."""
    return await sql.step(tx, Incident, number, frm, revision, values | {"revision": Incident.revision + 1})


async def touch(tx: AsyncSession, number: int, *, frm: Collection[str], **values: Any) -> int | None:
    """Change what is no step, in one of these states: the new revision, or None when it had moved on."""
    statement = (
        update(Incident)
        .where(col(Incident.number) == number, col(Incident.state).in_(list(frm)))
        .values(**values, revision=Incident.revision + 1)
        .returning(col(Incident.revision))
        .execution_options(**sql.AS_WRITTEN)
    )
    return (await tx.exec(statement)).scalar()


def unless_set(column: str, value: Any) -> Any:
    """A value for `step` and `touch` that leaves what stands in the column already."""
    kept: Any = getattr(Incident, column)
    return func.coalesce(kept, literal(value, kept.type))


async def rate(tx: AsyncSession, number: int, rating: int, comment: str | None, at: datetime) -> bool:
    """Keep the reporter's rating; False when there is one already."""
    statement = update(Incident).where(col(Incident.number) == number, col(Incident.rating).is_(None))
    return await sql.changed(tx, statement.values(rating=rating, rating_comment=comment, rated_at=at)) == 1


async def waiting_for(tx: AsyncSession, person: str) -> list[Incident]:
    """Those that are pending on the customer, who is this person, the newest first."""
    query = select(Incident).where(
        Incident.state == IncidentState.PENDING,
        Incident.pending_on == PendingOn.CUSTOMER,
        or_(col(Incident.reporter) == person, col(Incident.logged_by) == person),
    )
    return list(await tx.exec(query.order_by(col(Incident.number).desc())))


async def held_by_the_departed(tx: AsyncSession) -> list[Incident]:
    """Open ones whose assignee is served no more, by number, held."""
    query = select(Incident).where(records.still(Incident, OPEN_AS_INDEXED), col(Incident.assignee).in_(UNSERVED))
    return list(await tx.exec(query.order_by(col(Incident.number)).with_for_update(of=Incident)))


async def waiting_for_the_departed(tx: AsyncSession) -> list[Incident]:
    """Those that wait for the customer, and whose reporter has left the workspace, by number, held."""
    query = select(Incident).join(Person, col(Person.id) == col(Incident.reporter))
    waits = col(Person.deleted), Incident.state == IncidentState.PENDING, Incident.pending_on == PendingOn.CUSTOMER
    return list(await tx.exec(query.where(*waits).order_by(col(Incident.number)).with_for_update(of=Incident)))


async def owed_by(tx: AsyncSession, person: str) -> list[Incident]:
    """What is assigned to somebody and open, and what waits for their word as the reporter."""
    return await rows(tx, _OWED_BY, person)


async def reported_by(tx: AsyncSession, person: str, limit: int) -> list[Incident]:
    """A person's incidents, newest first."""
    query = select(Incident).where(Incident.reporter == person).order_by(col(Incident.number).desc())
    return list(await tx.exec(query.limit(limit)))


def _owed_by(person: Any) -> Any:
    """Each part by its index: by one condition with OR, all that somebody ever had would be looked through."""
    number, reporter = select(Incident.number), col(Incident.reporter) == person
    told = or_(reporter, col(Incident.logged_by) == person)
    parts = (
        number.where(text(OPEN_AS_INDEXED), col(Incident.assignee) == person),
        number.where(Incident.state == IncidentState.PENDING, Incident.pending_on == PendingOn.CUSTOMER, told),
        number.where(Incident.state == IncidentState.RESOLVED, reporter),
    )
    query = select(Incident).where(col(Incident.number).in_(union_all(*parts)))
    return query.order_by(col(Incident.priority), col(Incident.number))


_OWED_BY = concern(_owed_by(bindparam("person")))
