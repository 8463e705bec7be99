"""Questions about approvals: who was asked, who answered."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import ChangeState
from storage.statements import changed, insert
from storage.tables import Approval, Change


async def ask(tx: AsyncSession, change: int, revision: int, approvers: Iterable[str], at: datetime) -> None:
    """Ask each once about this revision."""
    rows = [{"change": change, "revision": revision, "approver": one, "asked_at": at} for one in sorted(set(approvers))]
    if rows:
        await tx.exec(insert(tx, Approval).values(rows).on_conflict_do_nothing())


async def asked(tx: AsyncSession, change: int, revision: int) -> list[Approval]:
    query = select(Approval).where(Approval.change == change, Approval.revision == revision)
    return list(await tx.exec(query.order_by(col(Approval.id))))


async def vote(
    tx: AsyncSession,
    change: int,
    revision: int,
    approver: str,
    *,
    vote: str,
    comment: str | None,
    at: datetime,
) -> bool:
    """An answer stands once given: False when this approver was not asked or has answered."""
    statement = (
        update(Approval)
        .where(
            col(Approval.change) == change,
            col(Approval.revision) == revision,
            col(Approval.approver) == approver,
            col(Approval.vote).is_(None),
        )
        .values(vote=vote, comment=comment, voted_at=at)
    )
    return await changed(tx, statement) == 1


async def waiting_for(tx: AsyncSession, person: str, limit: int) -> list[Change]:
    """Changes that wait for this person's answer to their present revision, the soonest window first."""
    query = (
        select(Change)
        .join(Approval, (col(Approval.change) == Change.number) & (col(Approval.revision) == Change.revision))
        .where(Approval.approver == person, col(Approval.vote).is_(None), Change.state == ChangeState.AUTHORISE)
        .order_by(col(Change.starts_at), col(Change.number))
    )
    return list(await tx.exec(query.limit(limit)))
