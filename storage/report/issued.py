"""Reports that were issued, and their versions."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import IssuedReport, ReportVersion


async def there(tx: AsyncSession, report: str, every: str, first_day: str) -> bool:
    """Whether it was issued for that period."""
    query = select(IssuedReport.number).where(
        IssuedReport.report == report, IssuedReport.every == every, IssuedReport.first_day == first_day
    )
    return (await tx.exec(query)).first() is not None


async def newest(tx: AsyncSession, limit: int) -> list[IssuedReport]:
    return list(await tx.exec(select(IssuedReport).order_by(col(IssuedReport.number).desc()).limit(limit)))


async def keep(tx: AsyncSession, number: int, version: int, content: str, digest: str, by: str, at: datetime) -> None:
    tx.add(ReportVersion(report=number, version=version, content=content, digest=digest, made_at=at, made_by=by))
    await tx.flush()


async def version(tx: AsyncSession, number: int, which: int) -> ReportVersion | None:
    return await tx.get(ReportVersion, (number, which))
