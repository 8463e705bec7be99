"""Questions about controlled documents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.flow import DocumentState
from bot.rules.document.list_filter import DocumentFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing, insert
from storage.tables import ControlledDocument, DocumentClause, DocumentReading, DocumentVersion
from storage.workspace import leavers

_D = ControlledDocument
IN_FORCE = (DocumentState.DRAFT, DocumentState.IN_REVIEW, DocumentState.APPROVED, DocumentState.IN_FORCE)
"""States in which the version in force, if there is one, holds."""


async def page(
    tx: AsyncSession, wanted: DocumentFilter, by: str, today: str, limit: int, offset: int = 0
) -> list[ControlledDocument]:
    """In the order of their numbers."""
    return await records.page(tx, _D, _clauses(wanted, by, today), [col(_D.number).asc()], limit, offset)


async def count(tx: AsyncSession, wanted: DocumentFilter, by: str, today: str) -> int:
    return await records.count(tx, _D, _clauses(wanted, by, today))


async def write(tx: AsyncSession, number: int, seen: int, **values: Any) -> bool:
    """Law 3: only on top of the draft that was seen."""
    statement = update(_D).where(col(_D.number) == number, col(_D.written) == seen, col(_D.state) == "draft")
    return await changed(tx, statement.values(**values, written=seen + 1)) == 1


async def put(tx: AsyncSession, number: int, **values: Any) -> None:
    """Change what is no step; the revision counts what was put to review, and stays."""
    await records.put(tx, _D, number, **values)


async def version(tx: AsyncSession, document: int, number: int) -> DocumentVersion | None:
    query = select(DocumentVersion).where(DocumentVersion.document == document, DocumentVersion.version == number)
    return (await tx.exec(query.execution_options(populate_existing=True))).first()


async def versions(tx: AsyncSession, document: int) -> list[DocumentVersion]:
    """The newest first."""
    query = select(DocumentVersion).where(DocumentVersion.document == document)
    return list(await tx.exec(query.order_by(col(DocumentVersion.version).desc())))


async def keep(tx: AsyncSession, one: DocumentVersion) -> None:
    tx.add(one)
    await tx.flush()


async def drop_unused(tx: AsyncSession, document: int) -> None:
    """A version that was approved and never came into force gives its number back."""
    kept = DocumentVersion
    await changed(tx, delete(kept).where(col(kept.document) == document, col(kept.effective_at).is_(None)))


async def begin(tx: AsyncSession, document: int, number: int, at: datetime) -> None:
    """It comes into force, and the one before it ends."""
    await end(tx, document, at)
    of = (col(DocumentVersion.document) == document, col(DocumentVersion.version) == number)
    await changed(tx, update(DocumentVersion).where(*of).values(effective_at=at))


async def end(tx: AsyncSession, document: int, at: datetime) -> None:
    kept = DocumentVersion
    running = (col(kept.effective_at).is_not(None), col(kept.ended_at).is_(None))
    await changed(tx, update(kept).where(col(kept.document) == document, *running).values(ended_at=at))


async def clauses(tx: AsyncSession, document: int) -> list[str]:
    query = select(DocumentClause.clause).where(DocumentClause.document == document)
    return sorted(await tx.exec(query), key=lambda one: tuple(map(int, one.split("."))))


async def set_clauses(tx: AsyncSession, document: int, wanted: Collection[str], by: str, now: datetime) -> None:
    """Those that stay keep who said so and when."""
    gone = delete(DocumentClause).where(col(DocumentClause.document) == document)
    await changed(tx, gone.where(col(DocumentClause.clause).not_in(list(wanted))))
    for clause in wanted:
        row = insert(tx, DocumentClause).values(document=document, clause=clause, by=by, at=now)
        await changed(tx, row.on_conflict_do_nothing(index_elements=["document", "clause"]))


async def for_clause(tx: AsyncSession, clause: str) -> list[ControlledDocument]:
    query = select(_D).join(DocumentClause, col(DocumentClause.document) == col(_D.number))
    return list(await tx.exec(query.where(DocumentClause.clause == clause).order_by(col(_D.number))))


async def ask_to_read(
    tx: AsyncSession, document: int, number: int, people: Collection[str], now: datetime
) -> list[str]:
    """Those who were not asked before."""
    found = []
    for person in people:
        row = insert(tx, DocumentReading).values(document=document, version=number, person=person, asked_at=now)
        if await changed(tx, row.on_conflict_do_nothing(index_elements=["document", "version", "person"])):
            found.append(person)
    return found


async def understood(tx: AsyncSession, document: int, number: int, person: str, now: datetime) -> bool:
    """Whether it is new that they have read it."""
    values = {"document": document, "version": number, "person": person, "read_at": now}
    row = insert(tx, DocumentReading).values(**values)
    unread = col(DocumentReading.read_at).is_(None)
    keys = ["document", "version", "person"]
    return bool(await changed(tx, row.on_conflict_do_update(index_elements=keys, set_={"read_at": now}, where=unread)))


async def readings(tx: AsyncSession, document: int, number: int) -> list[DocumentReading]:
    """Those who have read it first, in order; then those who have not."""
    row = DocumentReading
    query = select(row).where(row.document == document, row.version == number)
    order = (col(row.read_at).is_(None), col(row.read_at), col(row.person))
    return list(await tx.exec(query.order_by(*order).execution_options(populate_existing=True)))


async def to_read(tx: AsyncSession, person: str) -> list[ControlledDocument]:
    """Documents whose version in force somebody was asked to read, and has not."""
    return await rows(tx, _TO_READ, person)


async def of_leavers(tx: AsyncSession) -> list[ControlledDocument]:
    """Those whose owner may not be served any more."""
    return await leavers.held(tx, _D, _D.owner, col(_D.state) != DocumentState.WITHDRAWN)


async def late(tx: AsyncSession, person: str, today: str) -> list[ControlledDocument]:
    """Those that this person owns and that are past their day of review."""
    return await rows(tx, _OWNED, person, _OVERDUE, today=today)


async def of_sort(tx: AsyncSession, sort: str) -> list[ControlledDocument]:
    """Those of which a version is in force."""
    query = select(_D).where(_D.sort == sort, col(_D.version) > 0, col(_D.state).in_(IN_FORCE))
    return list(await tx.exec(query.order_by(col(_D.number))))


async def drafts_of(tx: AsyncSession, person: str) -> list[ControlledDocument]:
    """Those that this person owns and that are being written."""
    return await rows(tx, _OWNED, person, _DRAFTS)


async def how_many_read(tx: AsyncSession, document: int, number: int) -> tuple[int, int]:
    """How many were asked, and how many of them have read it."""
    row = DocumentReading
    query = select(func.count(), func.count(col(row.read_at))).select_from(row)
    asked, read = (await tx.exec(query.where(
        row.document == document, row.version == number, col(row.asked_at).is_not(None)
    ))).one()  # fmt: skip
    return asked, read


def _late(today: Any) -> Sequence[ColumnElement[bool]]:
    return (col(_D.version) > 0, col(_D.state).in_(IN_FORCE), col(_D.review_on) < today)


def _unread(person: Any) -> ColumnElement[bool]:
    row = DocumentReading
    asked = select(row.document).where(
        row.person == person, col(row.read_at).is_(None), col(row.asked_at).is_not(None), row.version == col(_D.version)
    )
    return col(_D.number).in_(asked.where(row.document == col(_D.number)).correlate(_D)) & col(_D.state).in_(IN_FORCE)


def _clauses(wanted: DocumentFilter, by: str, today: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(_D.state).in_(sorted(wanted.states))]
    if wanted.mine:
        found.append(col(_D.owner) == by)
    if wanted.late:
        found += _late(today)
    if wanted.unread:
        found.append(_unread(by))
    if wanted.clause:
        of = select(DocumentClause.document).where(DocumentClause.clause == wanted.clause)
        found.append(col(_D.number).in_(of))
    return [*found, *(containing(_D.title, word) for word in wanted.words)]


_TO_READ = concern(select(_D).where(_unread(bindparam("person"))).order_by(col(_D.number)))
_MINE = select(_D).where(col(_D.owner) == bindparam("person"))
_OWNED = concern(_MINE)
_OVERDUE = _MINE.where(*_late(bindparam("today"))).order_by(col(_D.review_on), col(_D.number))
_DRAFTS = _MINE.where(col(_D.state) == DocumentState.DRAFT).order_by(col(_D.number))
