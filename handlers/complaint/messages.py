"""What is said of complaints, drawn from the records as they are when it is sent, for the one who reads it."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.complaint import access
from bot.usecases.records import links, visibility
from bot.usecases.records.visibility import as_read
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.complaint.views import card as views
from handlers.records.news import fact_of
from storage.tables import Complaint, Outbox


async def card_of(tx: AsyncSession, complaint: Complaint, reader: str) -> Message:
    can = await access.can(tx, complaint, reader)
    return views.card(await as_read(tx, complaint, reader), await links.of(tx, complaint, reader), can)


async def _seen(tx: AsyncSession, row: Outbox) -> tuple[Complaint, str] | None:
    """The complaint and its reader; None for who may not see it any more."""
    complaint, reader = await access.find(tx, of_subject(row.about)), row.lane.removeprefix("@")
    return (complaint, reader) if await visibility.sees(tx, complaint.ref, reader) else None


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    seen = await _seen(tx, row)
    return await card_of(tx, *seen) if seen else None


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    seen = await _seen(tx, row)
    fact = await fact_of(tx, row, seen[0]) if seen else None
    return views.news(seen[0], fact, await access.can(tx, *seen)) if seen and fact else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    seen = await _seen(tx, row)
    return views.due(seen[0]) if seen else None


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.COMPLAINT_CARD: _card,
    NoticeKind.COMPLAINT_NEWS: _news,
    NoticeKind.COMPLAINT_DUE: _due,
}
