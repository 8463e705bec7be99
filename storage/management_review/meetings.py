"""Questions about management reviews, and what their inputs are drawn from."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import OPEN, ActionKind
from bot.rules.management_review.flow import LIVE
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed
from storage.tables import (
    ActionItem,
    AuditFinding,
    ControlledDocument,
    DocumentClause,
    InternalAudit,
    ManagementReview,
)
from storage.workspace import leavers

_M = ManagementReview


async def page(tx: AsyncSession, states: Collection[str], limit: int, offset: int = 0) -> list[ManagementReview]:
    """The newest first."""
    clauses = [col(_M.state).in_(sorted(states))]
    return await records.page(tx, _M, clauses, [col(_M.planned_on).desc(), col(_M.number).desc()], limit, offset)


async def chaired_by(tx: AsyncSession, person: str) -> list[ManagementReview]:
    """Those that are planned or held and not closed, the newest first."""
    return await rows(tx, _CHAIRED, person)


async def count(tx: AsyncSession, states: Collection[str]) -> int:
    return await records.count(tx, _M, [col(_M.state).in_(sorted(states))])


async def put(tx: AsyncSession, number: int, seen: str, **values: Any) -> bool:
    """Change what is no step, while its inputs are as they were seen."""
    statement = update(_M).where(col(_M.number) == number, col(_M.inputs) == seen)
    return await changed(tx, statement.values(**values)) == 1


async def chaired_by_leavers(tx: AsyncSession) -> list[ManagementReview]:
    """Those that are not over, and whose chair has left."""
    live = col(ManagementReview.state).in_(sorted(LIVE))
    return await leavers.held(tx, ManagementReview, ManagementReview.chair, live)


async def decisions(tx: AsyncSession) -> list[ActionItem]:
    """Of all management reviews, for those who may read them."""
    query = select(ActionItem).where(col(ActionItem.parent).like("MR-%"))
    return list(await tx.exec(query.order_by(col(ActionItem.number))))


async def open_improvements(tx: AsyncSession) -> list[ActionItem]:
    """Public actions that prevent, detect or mitigate, and are not done."""
    query = select(ActionItem).where(
        col(ActionItem.kind) != ActionKind.CORRECT, col(ActionItem.state).in_(sorted(OPEN)), ~col(ActionItem.private)
    )
    return list(await tx.exec(query.order_by(col(ActionItem.due_on), col(ActionItem.number)).limit(20)))


async def documents(tx: AsyncSession, clauses: Collection[str]) -> list[ControlledDocument]:
    """Those for one of these clauses that stand."""
    of = select(DocumentClause.document).where(col(DocumentClause.clause).in_(list(clauses)))
    query = select(ControlledDocument).where(
        col(ControlledDocument.number).in_(of), ControlledDocument.state != "withdrawn"
    )
    return list(await tx.exec(query.order_by(col(ControlledDocument.number))))


async def findings(tx: AsyncSession, states: Collection[str]) -> list[AuditFinding]:
    query = select(AuditFinding).where(col(AuditFinding.state).in_(sorted(states)))
    return list(await tx.exec(query.order_by(col(AuditFinding.due_on), col(AuditFinding.number)).limit(50)))


async def closed_findings(tx: AsyncSession, start: datetime, end: datetime) -> int:
    within = (col(AuditFinding.closed_at) >= start, col(AuditFinding.closed_at) < end)
    return (await tx.exec(select(func.count()).select_from(AuditFinding).where(*within))).one()


async def audits(tx: AsyncSession, start: datetime, end: datetime) -> list[InternalAudit]:
    """Those that were reported in a period."""
    within = (col(InternalAudit.reported_at) >= start, col(InternalAudit.reported_at) < end)
    return list(await tx.exec(select(InternalAudit).where(*within).order_by(col(InternalAudit.number))))


_CHAIRED = concern(
    select(_M)
    .where(_M.chair == bindparam("person"), col(_M.state).in_(["held", "planned"]))
    .order_by(col(_M.planned_on).desc(), col(_M.number).desc())
)
