"""What is said of documents, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.document import access, approval
from bot.usecases.policy import in_force
from bot.usecases.records import links
from handlers.approval import of_records
from handlers.blocks.renderer import Rendered, Renderer
from handlers.document.views import card as views
from handlers.document.views.card import Sheet
from handlers.records.news import fact_of
from storage.document import documents as stored
from storage.tables import ControlledDocument, Outbox


async def sheet_of(tx: AsyncSession, document: ControlledDocument, reader: str | None = None) -> Sheet:
    asked, read = await stored.how_many_read(tx, document.number, document.version)
    clauses, poll = await stored.clauses(tx, document.number), await approval.poll(tx, document)
    return Sheet(
        document, clauses, poll, (await in_force(tx)).policy, asked, read, await links.of(tx, document, reader)
    )


async def _document(tx: AsyncSession, row: Outbox) -> ControlledDocument:
    return await access.find(tx, of_subject(row.about))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    document = await _document(tx, row)
    fact = await fact_of(tx, row, document)
    return views.news(document, fact) if fact else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.due(await _document(tx, row))


async def _to_read(tx: AsyncSession, row: Outbox) -> Rendered:
    document, version = await _document(tx, row), json.loads(row.data)["version"]
    rows = await stored.readings(tx, document.number, version)
    mine = next((one for one in rows if one.person == row.lane.removeprefix("@")), None)
    if row.verb == "post" and (mine is None or mine.read_at is not None):
        return None
    return views.to_read(document, version, mine.read_at if mine else None)


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await _document(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.DOCUMENT_CARD: _card,
    NoticeKind.DOCUMENT_NEWS: _news,
    NoticeKind.DOCUMENT_DUE: _due,
    NoticeKind.DOCUMENT_TO_READ: _to_read,
}
OF_APPROVALS = of_records.renderers(_sheet, views.asked, lambda sheet: sheet.document)
