"""Questions about changes that incidents may come from."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import ChangeState
from storage.statements import changed, insert
from storage.tables import Change, ChangeSuspicion


async def worked_on(tx: AsyncSession, since: datetime) -> list[Change]:
    """Changes that are being carried out, or were finished since then, those last begun first."""
    done = col(Change.state).in_((ChangeState.REVIEW, ChangeState.CLOSED)) & (col(Change.finished_at) >= since)
    query = select(Change).where(or_(col(Change.state) == ChangeState.IMPLEMENTING, done))
    return list(await tx.exec(query.order_by(col(Change.started_at).desc(), col(Change.number).desc())))


async def ask(tx: AsyncSession, incident: int, changes: Iterable[int], at: datetime) -> None:
    """Of these alone, and of none twice: what was asked before and not answered is asked no more."""
    unanswered = delete(ChangeSuspicion).where(
        col(ChangeSuspicion.incident) == incident, col(ChangeSuspicion.verdict).is_(None)
    )
    await changed(tx, unanswered)
    rows = [{"incident": incident, "change": one, "asked_at": at} for one in changes]
    if rows:
        await tx.exec(insert(tx, ChangeSuspicion).values(rows).on_conflict_do_nothing())


async def asked(tx: AsyncSession, incident: int) -> list[Change]:
    """The changes that wait for an answer, those last begun first."""
    query = (
        select(Change)
        .join(ChangeSuspicion, col(ChangeSuspicion.change) == col(Change.number))
        .where(col(ChangeSuspicion.incident) == incident, col(ChangeSuspicion.verdict).is_(None))
    )
    return list(await tx.exec(query.order_by(col(Change.started_at).desc(), col(Change.number).desc())))


async def get(tx: AsyncSession, incident: int, change: int) -> ChangeSuspicion | None:
    query = select(ChangeSuspicion).where(ChangeSuspicion.incident == incident, ChangeSuspicion.change == change)
    return (await tx.exec(query)).first()


async def judge(tx: AsyncSession, incident: int, change: int, verdict: str, by: str, at: datetime) -> bool:
    """False where it was not asked, or is answered."""
    statement = update(ChangeSuspicion).where(
        col(ChangeSuspicion.incident) == incident,
        col(ChangeSuspicion.change) == change,
        col(ChangeSuspicion.verdict).is_(None),
    )
    return await changed(tx, statement.values(verdict=verdict, judged_by=by, judged_at=at)) == 1


async def blame(tx: AsyncSession, change: int, incident: str) -> bool:
    """What a change caused; False where something else is named already."""
    statement = update(Change).where(col(Change.number) == change, col(Change.caused).is_(None))
    return await changed(tx, statement.values(caused=incident)) == 1
