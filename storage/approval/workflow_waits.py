"""Steps of workflows that wait for a decision."""

from datetime import datetime

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import insert, run
from storage.tables import WorkflowWait


async def add(tx: AsyncSession, execution: str, subject: str, now: datetime) -> None:
    row = insert(tx, WorkflowWait).values(execution=execution, subject=subject, asked_at=now)
    await run(tx, row.on_conflict_do_nothing())


async def take(tx: AsyncSession, subject: str) -> list[str]:
    """The executions that wait for this record, which wait no more."""
    found = await run(
        tx, delete(WorkflowWait).where(col(WorkflowWait.subject) == subject).returning(col(WorkflowWait.execution))
    )
    return sorted(found.scalars())
