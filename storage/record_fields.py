"""Questions about what was answered to additional fields of records."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import RecordField


async def add_all(tx: AsyncSession, fields: Sequence[RecordField]) -> None:
    tx.add_all(fields)
    await tx.flush()


async def of(tx: AsyncSession, subject: str) -> list[RecordField]:
    """In the order of the form."""
    query = select(RecordField).where(RecordField.subject == subject).order_by(col(RecordField.place))
    return list(await tx.exec(query))
