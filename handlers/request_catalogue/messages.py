"""What is said of requests, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import RecordVersion, of_subject
from bot.usecases.change import permissions
from bot.usecases.request import access
from handlers.approval import of_records
from handlers.blocks.renderer import Rendered, Renderer
from handlers.records.news import fact_of
from handlers.request_catalogue.sheets import sheet_of
from handlers.request_catalogue.views import card as views
from handlers.request_catalogue.views.body import Sheet
from storage.tables import ApprovalQuestion, Outbox


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await access.find(tx, of_subject(row.about)))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _receipt(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.receipt(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await _sheet(tx, row)
    fact = await fact_of(tx, row, sheet.request)
    return views.news(sheet, fact, row.lane.removeprefix("@")) if fact else None


async def _asked(tx: AsyncSession, row: Outbox) -> ApprovalQuestion:
    about = of_subject(row.about)
    return await permissions.question(tx, RecordVersion(about, json.loads(row.data)["question"]))


async def _question(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.question((await _sheet(tx, row)).request, await _asked(tx, row))


async def _answer(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.answer(await _sheet(tx, row), await _asked(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.REQUEST_CARD: _card,
    NoticeKind.REQUEST_RECEIPT: _receipt,
    NoticeKind.REQUEST_NEWS: _news,
}
OF_APPROVALS: Mapping[NoticeKind, Renderer] = {
    **of_records.renderers(_sheet, views.approval_asked, lambda sheet: sheet.request),
    NoticeKind.APPROVAL_QUESTION: _question,
    NoticeKind.APPROVAL_ANSWER: _answer,
}
