"""What is said of entries in registers, drawn from the records as they are when it is sent."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.visibility import as_read
from bot.usecases.register import access, approval
from handlers.approval import of_records
from handlers.blocks.renderer import Rendered, Renderer
from handlers.records.news import fact_of
from handlers.register.views import card as views
from handlers.register.views.card import Sheet
from storage.tables import Outbox, RegisterEntry


async def sheet_of(tx: AsyncSession, entry: RegisterEntry, reader: str | None = None) -> Sheet:
    register, policy = await access.register_of(tx, entry), (await in_force(tx)).policy
    shown = await as_read(tx, entry, reader)
    poll, granted = await approval.poll(tx, entry), await approval.granted(tx, entry, register)
    return Sheet(shown, register, policy, await links.of(tx, entry, reader), poll, granted)


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await access.find(tx, of_subject(row.about)))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    entry = await access.find(tx, of_subject(row.about))
    fact = await fact_of(tx, row, entry)
    return views.news(entry, fact) if fact else None


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.REGISTER_CARD: _card, NoticeKind.REGISTER_NEWS: _news}
OF_APPROVALS = of_records.renderers(_sheet, views.asked, lambda sheet: sheet.entry)
