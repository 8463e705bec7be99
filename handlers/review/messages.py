"""What is said of reviews, drawn from the records as they are when it is sent; and the file of one."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.rules.review.written_out import Format
from bot.usecases.policy import in_force
from bot.usecases.records import links, visibility
from bot.usecases.review import access, approval, documents, sections
from handlers.approval import of_records
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile, PutCanvas
from handlers.records.news import fact_of
from handlers.review.views import card as views
from handlers.review.views.card import Sheet
from storage.delivery import posts
from storage.tables import Outbox, Review


async def sheet_of(tx: AsyncSession, review: Review, reader: str | None = None) -> Sheet:
    rows, policy = await sections.of(tx, review), (await in_force(tx)).policy
    written = [key for key, row in rows.items() if row.text]
    template, poll = await sections.template(tx, review), await approval.poll(tx, review)
    hints = await sections.hinted(tx, review)
    return Sheet(review, policy, template, written, poll, hints, await links.of(tx, review, reader))


async def _review(tx: AsyncSession, row: Outbox) -> Review:
    return await access.find(tx, of_subject(row.about))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    review, reader = await _review(tx, row), row.lane.removeprefix("@")
    fact = await fact_of(tx, row, review)
    return views.news(review, fact) if fact and await visibility.sees(tx, review.ref, reader) else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    review = await _review(tx, row)
    return views.due(review) if await visibility.sees(tx, review.ref, row.lane.removeprefix("@")) else None


async def _export(tx: AsyncSession, row: Outbox) -> Rendered:
    """In the thread of its card. With names where only its audience reads along, with roles elsewhere."""
    review, data = await _review(tx, row), json.loads(row.data)
    as_ = Format(data["format"])
    head = await posts.first(tx, row.about, NoticeKind.REVIEW_CARD, row.lane)
    if head is None:
        return None
    content = await documents.written(tx, review, as_, named=review.private)
    title, name = f"{review.ref}, the review of {review.about}", f"{str(review.ref).lower()}-{data['number']}"
    if as_ is not Format.CANVAS:
        return PostFile(head.channel, f"{name}.{as_}", title, content, title, thread_ts=head.ts)
    whole = await documents.written(tx, review, Format.MARKDOWN, named=review.private)
    said = f"{title}: this workspace takes no canvas from Deskbell, so that it is a file"
    file = PostFile(head.channel, f"{name}.md", title, whole, said, thread_ts=head.ts)
    return PutCanvas(head.channel, review.canvas, title, content, file)


async def _canvas(tx: AsyncSession, row: Outbox) -> Rendered:
    """In the thread of its card: a link to it."""
    review = await _review(tx, row)
    head = await posts.first(tx, row.about, NoticeKind.REVIEW_CARD, row.lane)
    message = views.canvas(review, json.loads(row.data)["link"])
    return replace(message, thread_ts=head.ts) if head else message


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await _review(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.REVIEW_CARD: _card,
    NoticeKind.REVIEW_NEWS: _news,
    NoticeKind.REVIEW_DUE: _due,
    NoticeKind.REVIEW_EXPORT: _export,
    NoticeKind.REVIEW_CANVAS: _canvas,
}
OF_APPROVALS = of_records.renderers(_sheet, views.asked, lambda sheet: sheet.review)
