"""Questions about internal audits and findings, and whose work a clause is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import PROMISED
from bot.rules.audit.flow import LIVE, OWED, FindingState
from bot.rules.audit.list_filter import AuditFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing, insert
from storage.tables import (
    ActionItem,
    AuditCheck,
    AuditFinding,
    AuditSample,
    ClauseOwner,
    ClauseTask,
    ControlledDocument,
    DocumentClause,
    Entry,
    InternalAudit,
    Record,
)
from storage.workspace import leavers

R = TypeVar("R", bound=Record)


async def page(
    tx: AsyncSession, table: type[R], wanted: AuditFilter, by: str, today: str, limit: int, offset: int = 0
) -> list[R]:
    """What is due soonest first."""
    day = _day(table)
    order = [day.asc(), col(table.number).asc()]
    return await records.page(tx, table, _clauses(table, wanted, by, today), order, limit, offset)


async def count(tx: AsyncSession, table: type[Record], wanted: AuditFilter, by: str, today: str) -> int:
    return await records.count(tx, table, _clauses(table, wanted, by, today))


async def put(tx: AsyncSession, table: type[Record], number: int, **values: Any) -> None:
    """Change what is no step."""
    await changed(tx, update(table).where(col(table.number) == number).values(**values))


async def every(tx: AsyncSession) -> list[InternalAudit]:
    return list(await tx.exec(select(InternalAudit).order_by(col(InternalAudit.planned_on), col(InternalAudit.number))))


async def of_audit(tx: AsyncSession, audit: str) -> list[AuditFinding]:
    query = select(AuditFinding).where(AuditFinding.audit == audit)
    return list(await tx.exec(query.order_by(col(AuditFinding.number))))


async def checks(tx: AsyncSession, audit: int) -> dict[str, AuditCheck]:
    found = await tx.exec(select(AuditCheck).where(AuditCheck.audit == audit).execution_options(populate_existing=True))
    return {one.clause: one for one in found}


async def check(tx: AsyncSession, one: AuditCheck) -> None:
    values = one.model_dump()
    row = insert(tx, AuditCheck).values(values)
    told = {name: values[name] for name in ("verdict", "words", "evidence", "by", "at")}
    await changed(tx, row.on_conflict_do_update(index_elements=["audit", "clause"], set_=told))


async def samples(tx: AsyncSession, audit: int) -> list[AuditSample]:
    return list(await tx.exec(select(AuditSample).where(AuditSample.audit == audit).order_by(col(AuditSample.number))))


async def keep_sample(tx: AsyncSession, one: AuditSample) -> None:
    tx.add(one)
    await tx.flush()


async def held_by(tx: AsyncSession, person: str) -> list[InternalAudit]:
    """Audits that this person holds."""
    return await rows(tx, _HELD, person)


async def owed_by(tx: AsyncSession, person: str) -> list[AuditFinding]:
    """Findings that this person has to answer, or raised and has to judge the answer."""
    return await rows(tx, _OWED, person)


async def of_leavers(tx: AsyncSession) -> list[AuditFinding]:
    return await leavers.held(tx, AuditFinding, AuditFinding.owner, col(AuditFinding.state).in_(sorted(OWED)))


async def without_auditor(tx: AsyncSession) -> list[InternalAudit]:
    """Those that go on and whose auditor has left."""
    return await leavers.held(tx, InternalAudit, InternalAudit.auditor, col(InternalAudit.state).in_(sorted(LIVE)))


async def actors(tx: AsyncSession, subject: str) -> list[str]:
    """Who left a fact on a record."""
    return list(await tx.exec(select(Entry.by).where(Entry.subject == subject).distinct()))


async def documents_for(tx: AsyncSession, clause: str) -> list[ControlledDocument]:
    query = select(ControlledDocument).join(
        DocumentClause, col(DocumentClause.document) == col(ControlledDocument.number)
    )
    query = query.where(DocumentClause.clause == clause, ControlledDocument.state != "withdrawn")
    return list(await tx.exec(query.order_by(col(ControlledDocument.number))))


async def tasks_for(tx: AsyncSession, clause: str) -> list[ActionItem]:
    """Actions that somebody still does for a clause."""
    query = select(ActionItem).join(ClauseTask, col(ClauseTask.action) == col(ActionItem.number))
    query = query.where(ClauseTask.clause == clause, col(ActionItem.state).in_(sorted(PROMISED)))
    return list(await tx.exec(query.order_by(col(ActionItem.number))))


async def clause_owners(tx: AsyncSession) -> dict[str, str]:
    return {one.clause: one.owner for one in await tx.exec(select(ClauseOwner))}


async def own_clause(tx: AsyncSession, clause: str, owner: str, by: str, now: datetime) -> None:
    values = {"clause": clause, "owner": owner, "by": by, "at": now}
    row = insert(tx, ClauseOwner).values(values)
    await changed(tx, row.on_conflict_do_update(index_elements=["clause"], set_=values))


async def open_count(tx: AsyncSession, states: Collection[str]) -> int:
    return (await tx.exec(select(func.count()).where(col(AuditFinding.state).in_(list(states))))).one()


def _day(table: type[Record]) -> Any:
    return col(InternalAudit.planned_on) if table is InternalAudit else col(AuditFinding.due_on)


def _clauses(table: Any, wanted: AuditFilter, by: str, today: str) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(table.state).in_(sorted(wanted.states))]
    audits = table is InternalAudit
    if wanted.mine:
        found.append((table.auditor if audits else table.owner) == by)
    if wanted.late:
        owed = sorted(LIVE if audits else OWED)
        found += [_day(table) < today, col(table.state).in_(owed)]
    if wanted.clause and audits:
        found.append((" " + col(table.clauses) + " ").contains(f" {wanted.clause} "))
    elif wanted.clause:
        found.append(table.clause == wanted.clause)
    if wanted.kinds:
        found.append(col(table.kind).in_(sorted(wanted.kinds)))
    return [*found, *(containing(table.title, word) for word in wanted.words)]


_HELD = concern(
    select(InternalAudit)
    .where(InternalAudit.auditor == bindparam("person"), col(InternalAudit.state).in_(sorted(LIVE)))
    .order_by(col(InternalAudit.planned_on))
)
_ANSWERS = and_(col(AuditFinding.owner) == bindparam("person"), col(AuditFinding.state) == FindingState.OPEN)
_JUDGES = and_(col(AuditFinding.raised_by) == bindparam("person"), col(AuditFinding.state) == FindingState.ANSWERED)
_OWED = concern(select(AuditFinding).where(or_(_ANSWERS, _JUDGES)).order_by(col(AuditFinding.due_on)))
