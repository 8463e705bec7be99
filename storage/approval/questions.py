"""What approvers want to know before they vote."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed
from storage.tables import ApprovalQuestion


async def get(tx: AsyncSession, number: int) -> ApprovalQuestion | None:
    return (await tx.exec(select(ApprovalQuestion).where(ApprovalQuestion.id == number))).first()


_OF = (
    select(ApprovalQuestion)
    .where(col(ApprovalQuestion.subject) == bindparam("subject"))
    .order_by(col(ApprovalQuestion.id))
)


async def of(tx: AsyncSession, subject: str) -> list[ApprovalQuestion]:
    return list(await tx.exec(_OF, params={"subject": subject}))


async def open_about(tx: AsyncSession, subjects: Collection[str]) -> list[ApprovalQuestion]:
    """Questions that have no answer yet, the oldest first."""
    if not subjects:
        return []
    query = select(ApprovalQuestion).where(
        col(ApprovalQuestion.subject).in_(list(subjects)), col(ApprovalQuestion.answer).is_(None)
    )
    return list(await tx.exec(query.order_by(col(ApprovalQuestion.id))))


async def add(tx: AsyncSession, question: ApprovalQuestion) -> ApprovalQuestion:
    tx.add(question)
    await tx.flush()
    return question


async def answer(tx: AsyncSession, number: int, answer: str, by: str, at: datetime) -> bool:
    """False when it was answered already."""
    statement = update(ApprovalQuestion).where(
        col(ApprovalQuestion.id) == number, col(ApprovalQuestion.answer).is_(None)
    )
    return await changed(tx, statement.values(answer=answer, answered_by=by, answered_at=at)) == 1
