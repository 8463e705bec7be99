"""Questions about what was moved in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.refs import of_subject
from storage import timers
from storage.sql import changed, insert, run
from storage.tables import Entry, ImportedRecord, Table, Timer


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


async def moved_on(tx: AsyncSession, table: type[Any], known: Sequence[ImportedRecord]) -> set[str]:
    """Subjects of those that have another revision than the import left."""
    numbers = {of_subject(one.subject).number: one for one in known}
    if not numbers:
        return set()
    found = await tx.exec(select(table.number, table.revision).where(col(table.number).in_(list(numbers))))
    return {numbers[number].subject for number, revision in found if numbers[number].revision != revision}


async def told_of(tx: AsyncSession, subjects: Collection[str], but: Collection[FactKind]) -> set[str]:
    """Those of these subjects of which there is any other fact."""
    if not subjects:
        return set()
    query = select(Entry.subject).where(col(Entry.subject).in_(list(subjects)), col(Entry.kind).not_in(list(but)))
    return set(await tx.exec(query.distinct()))


async def follow(tx: AsyncSession, table: type[Any], number: int, revision: int, values: dict[str, Any]) -> bool:
    """Has a record say what its source says now; False where it has another revision by now."""
    statement = update(table).where(col(table.number) == number, col(table.revision) == revision)
    return await changed(tx, statement.values(**values)) == 1


async def silence_past(tx: AsyncSession, subject: str, now: datetime) -> None:
    """What would ring about a time that is over rings no more."""
    await timers.stand(tx, subject, None)
    statement = update(Timer).where(
        col(Timer.subject) == subject, col(Timer.due_at) <= now, col(Timer.fired_at).is_(None)
    )
    await run(tx, statement.values(cancelled_at=now))
