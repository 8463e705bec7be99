"""Questions about what was moved in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import timers
from storage.sql import changed, insert, run
from storage.tables import ImportedRecord, Incident, Table, Timer


async def known(tx: AsyncSession, source: str, ids: Collection[str]) -> dict[str, ImportedRecord]:
    """Those of these ids that are here, by id."""
    if not ids:
        return {}
    query = select(ImportedRecord).where(ImportedRecord.source == source, col(ImportedRecord.source_id).in_(list(ids)))
    return {one.source_id: one for one in await tx.exec(query)}


async def add_all(tx: AsyncSession, rows: Sequence[Table]) -> None:
    """All of one table in one statement."""
    if rows:
        await run(tx, insert(tx, type(rows[0])), [one.model_dump() for one in rows])


async def keep(tx: AsyncSession, row: ImportedRecord) -> None:
    await tx.merge(row)
    await tx.flush()


async def revisions(tx: AsyncSession, numbers: Collection[int]) -> dict[int, int]:
    """The present revision of incidents, by number."""
    if not numbers:
        return {}
    query = select(Incident.number, Incident.revision).where(col(Incident.number).in_(list(numbers)))
    return dict(iter(await tx.exec(query)))


async def follow(tx: AsyncSession, number: int, revision: int, values: dict[str, Any]) -> bool:
    """Has an incident say what its source says now; False where it was worked on here since."""
    statement = update(Incident).where(col(Incident.number) == number, col(Incident.revision) == revision)
    return await changed(tx, statement.values(**values, revision=revision + 1)) == 1


async def silence_past(tx: AsyncSession, subject: str, now: datetime) -> None:
    """What would ring about a time that is over rings no more."""
    await timers.stand(tx, subject, None)
    statement = update(Timer).where(
        col(Timer.subject) == subject, col(Timer.due_at) <= now, col(Timer.fired_at).is_(None)
    )
    await run(tx, statement.values(cancelled_at=now))
