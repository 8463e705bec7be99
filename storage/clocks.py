"""Questions about SLA clocks."""

from datetime import datetime

from sqlalchemy import case
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed
from storage.tables import Clock


async def start(tx: AsyncSession, clock: Clock) -> None:
    tx.add(clock)
    await tx.flush()


async def of(tx: AsyncSession, subject: str) -> list[Clock]:
    """A record's clocks, the one that is due first before the others."""
    query = select(Clock).where(Clock.subject == subject).order_by(col(Clock.due_at), col(Clock.kind))
    return list(await tx.exec(query))


async def end(tx: AsyncSession, subject: str, kind: str, state: str, at: datetime) -> bool:
    """Stop a clock that runs, breached or not; when it was breached stays on record."""
    statement = (
        update(Clock)
        .where(
            col(Clock.subject) == subject,
            col(Clock.kind) == kind,
            col(Clock.state).in_(["running", "breached"]),
            col(Clock.ended_at).is_(None),
        )
        .values(state=case((col(Clock.breached_at).is_not(None), "breached"), else_=state), ended_at=at)
    )
    return await changed(tx, statement) == 1


async def breach(tx: AsyncSession, subject: str, kind: str, at: datetime) -> bool:
    """Mark a running clock as breached; it runs on until the work is done. False when it was not running."""
    statement = (
        update(Clock)
        .where(col(Clock.subject) == subject, col(Clock.kind) == kind, col(Clock.state) == "running")
        .values(state="breached", breached_at=at)
    )
    return await changed(tx, statement) == 1
