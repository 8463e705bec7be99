"""What is said of management reviews, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.management_review import access, meetings
from bot.usecases.records import visibility
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.management_review.views import card as views
from handlers.management_review.views.card import Sheet
from storage.tables import ManagementReview, Outbox


async def card_of(tx: AsyncSession, review: ManagementReview) -> Message:
    return views.card(Sheet(review, await meetings.decisions(tx, review)))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    review = await access.find(tx, of_subject(row.about))
    reader = row.lane.removeprefix("@")
    return await card_of(tx, review) if await visibility.sees(tx, review.ref, reader) else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    review = await access.find(tx, of_subject(row.about))
    if not await visibility.sees(tx, review.ref, row.lane.removeprefix("@")):
        return None
    left = json.loads(row.data).get("left")
    return views.unchaired(review, left) if left else views.due(review)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.MANAGEMENT_REVIEW_CARD: _card,
    NoticeKind.MANAGEMENT_REVIEW_DUE: _due,
}
