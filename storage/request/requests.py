"""Questions about service requests and their tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, text, union, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.request.flow import OPEN, TO_FULFIL, RequestState
from bot.rules.request.list_filter import RequestFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing
from storage.tables import Person, RequestTask, ServiceRequest
from storage.tables.practices.requests import OPEN as OPEN_AS_INDEXED
from storage.workspace import leavers

_STILL_OPEN: Any = text(OPEN_AS_INDEXED)


@dataclass(frozen=True)
class Asker:
    """Who asks, and as what."""

    person: str
    groups: Collection[str]
    now: datetime


async def page(
    tx: AsyncSession, wanted: RequestFilter, asker: Asker, limit: int, offset: int = 0
) -> list[ServiceRequest]:
    """What is promised soonest first."""
    order: list[ColumnElement[Any]] = [
        col(ServiceRequest.due_at).is_(None).asc(),
        col(ServiceRequest.due_at).asc(),
        col(ServiceRequest.number).asc(),
    ]
    clauses = _clauses(wanted, asker)
    return await records.page(tx, ServiceRequest, clauses, order, limit, offset, ended=_searched(wanted))


async def count(tx: AsyncSession, wanted: RequestFilter, asker: Asker) -> int:
    return await records.count(tx, ServiceRequest, _clauses(wanted, asker), ended=_searched(wanted))


async def left_out(tx: AsyncSession, wanted: RequestFilter) -> bool:
    return await records.left_out(tx, ServiceRequest, ended=_searched(wanted))


def _searched(wanted: RequestFilter) -> bool:
    """Whether only the newest are looked through: a person's own are found by an index, and so is all that is open."""
    return not set(wanted.states) <= OPEN and not wanted.mine


async def to_confirm(tx: AsyncSession, person: str) -> list[ServiceRequest]:
    """What was fulfilled for somebody who has not said so yet."""
    return await rows(tx, _OPEN_OF, person, _TO_CONFIRM)


async def to_answer(tx: AsyncSession, person: str) -> list[ServiceRequest]:
    """What is pending until somebody answers."""
    return await rows(tx, _OPEN_OF, person, _TO_ANSWER)


async def open_for(tx: AsyncSession, person: str, limit: int) -> list[ServiceRequest]:
    """What somebody asked for, or others for them, the newest first."""
    return await rows(tx, _OPEN_OF, person, _NEWEST_OF, most=limit)


async def assigned_to(tx: AsyncSession, person: str) -> list[ServiceRequest]:
    return await rows(tx, _ASSIGNED_TO, person)


async def of_leavers(tx: AsyncSession) -> list[ServiceRequest]:
    """Open ones that are with people whom Deskbell may not serve any more."""
    still = records.still(ServiceRequest, OPEN_AS_INDEXED)
    return await leavers.held(tx, ServiceRequest, ServiceRequest.assignee, still)


async def waiting_for_leavers(tx: AsyncSession) -> list[ServiceRequest]:
    """Those that wait for who asked, who has left the workspace."""
    query = select(ServiceRequest).join(Person, col(Person.id) == col(ServiceRequest.requester))
    waits = ServiceRequest.state == RequestState.PENDING, ServiceRequest.pending_on == PendingOn.CUSTOMER
    query = query.where(records.still(ServiceRequest, OPEN_AS_INDEXED), col(Person.deleted), *waits)
    return list(await tx.exec(query.order_by(col(ServiceRequest.number))))


async def last_of(tx: AsyncSession, person: str, item: str) -> ServiceRequest | None:
    """What somebody asked for last of an item."""
    query = select(ServiceRequest).where(ServiceRequest.requester == person, ServiceRequest.item == item)
    return (await tx.exec(query.order_by(col(ServiceRequest.number).desc()).limit(1))).first()


async def add_task(tx: AsyncSession, task: RequestTask) -> None:
    tx.add(task)
    await tx.flush()


async def tasks(tx: AsyncSession, number: int) -> list[RequestTask]:
    """In the order of the catalogue."""
    query = select(RequestTask).where(RequestTask.request == number).order_by(col(RequestTask.id))
    return list(await tx.exec(query))


async def tasks_of(tx: AsyncSession, numbers: Sequence[int]) -> Mapping[int, Sequence[RequestTask]]:
    """Of several requests, each as `tasks` has them."""
    found: dict[int, list[RequestTask]] = {}
    if numbers:
        query = select(RequestTask).where(col(RequestTask.request).in_(numbers)).order_by(col(RequestTask.id))
        for one in await tx.exec(query):
            found.setdefault(one.request, []).append(one)
    return found


async def finish_task(tx: AsyncSession, task: RequestTask, by: str, now: datetime) -> bool:
    """False where somebody did it before."""
    row = update(RequestTask).where(col(RequestTask.id) == task.id, col(RequestTask.done_at).is_(None))
    done = await changed(tx, row.values(done_at=now, done_by=by)) == 1
    await tx.refresh(task)
    return done


async def raise_change(tx: AsyncSession, task: RequestTask, change: str) -> bool:
    """False where somebody raised one before, or did the task."""
    is_free = (col(RequestTask.id) == task.id, col(RequestTask.raised).is_(None), col(RequestTask.done_at).is_(None))
    raised = await changed(tx, update(RequestTask).where(*is_free).values(raised=change)) == 1
    await tx.refresh(task)
    return raised


async def let_go_of_change(tx: AsyncSession, task: RequestTask) -> None:
    await changed(tx, update(RequestTask).where(col(RequestTask.id) == task.id).values(raised=None))
    await tx.refresh(task)


async def task_of_change(tx: AsyncSession, change: str) -> RequestTask | None:
    return (await tx.exec(select(RequestTask).where(RequestTask.raised == change))).first()


async def tick(tx: AsyncSession, task: RequestTask, ticked: str) -> None:
    await changed(tx, update(RequestTask).where(col(RequestTask.id) == task.id).values(ticked=ticked))
    await tx.refresh(task)


def _open_of(person: Any) -> ColumnElement[bool]:
    """Open ones that they asked for or that are for them: each by its index, where an OR reads all that ever were."""
    number, is_open = col(ServiceRequest.number), col(ServiceRequest.state).in_(sorted(OPEN))
    theirs = select(number).where(col(ServiceRequest.requester) == person, is_open)
    return number.in_(theirs.union_all(select(number).where(col(ServiceRequest.behalf) == person, _STILL_OPEN)))


def _is_of(person: str) -> ColumnElement[bool]:
    asked = col(ServiceRequest.requester) == person
    return or_(asked, col(ServiceRequest.behalf) == person)


def _clauses(wanted: RequestFilter, asker: Asker) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        records.within(ServiceRequest.state, wanted.states, ended=not set(wanted.states) <= OPEN)
    ]
    if set(wanted.states) <= OPEN:
        found.append(_STILL_OPEN)
    if wanted.mine:
        parts = (ServiceRequest.requester, ServiceRequest.behalf, ServiceRequest.assignee)
        number = ServiceRequest.number
        found.append(col(number).in_(union(*(records.newest_of(number, one, asker.person) for one in parts))))
    if wanted.group:
        found.append(col(ServiceRequest.owner_group).in_(list(asker.groups)))
    if wanted.late:
        found.append(col(ServiceRequest.due_at) < asker.now)
        found.append(col(ServiceRequest.state).in_(sorted(TO_FULFIL)))
    if wanted.items:
        found.append(col(ServiceRequest.item).in_(list(wanted.items)))
    return [*found, *(_has(word) for word in wanted.words)]


def _has(word: str) -> ColumnElement[bool]:
    return or_(containing(ServiceRequest.title, word), containing(ServiceRequest.old_ref, word))


_OPEN_ONES = select(ServiceRequest).where(_open_of(bindparam("person")))
_OPEN_OF = concern(_OPEN_ONES)
_TO_CONFIRM = _OPEN_ONES.where(col(ServiceRequest.state) == RequestState.DONE).order_by(col(ServiceRequest.number))
_TO_ANSWER = _OPEN_ONES.where(
    col(ServiceRequest.state) == RequestState.PENDING, col(ServiceRequest.pending_on) == PendingOn.CUSTOMER
).order_by(col(ServiceRequest.number))
_NEWEST_OF = _OPEN_ONES.order_by(col(ServiceRequest.number).desc()).limit(bindparam("most"))
_ASSIGNED_TO = concern(
    select(ServiceRequest)
    .where(
        _STILL_OPEN,
        col(ServiceRequest.assignee) == bindparam("person"),
        col(ServiceRequest.state).in_(sorted(TO_FULFIL)),
    )
    .order_by(col(ServiceRequest.due_at), col(ServiceRequest.number))
)
