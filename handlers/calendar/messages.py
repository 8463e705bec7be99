"""The calendar's picture, on its way to the changes channel."""

from collections.abc import Mapping
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.calendar import CalendarQuery
from bot.rules.calendar.notices import number_of
from bot.rules.record.notices import NoticeKind
from bot.usecases.calendar import pictures
from handlers.blocks.renderer import Rendered, Renderer
from handlers.calendar.views import agenda as views
from handlers.calendar.views import picture as calendar_picture
from handlers.calendar.views.labels import in_words
from handlers.delivery.slack_tasks import UploadPicture
from storage.calendar import pictures as calendar_pictures
from storage.tables import Outbox

WORDS_MOST = 2000
"""Of an image block's alt_text."""


async def _drawing(tx: AsyncSession, row: Outbox) -> Rendered:
    picture = await calendar_pictures.get(tx, number_of(row.about))
    if picture is None:
        return None
    look = CalendarQuery.parse(picture.look)
    page = await pictures.page_of(tx, look, row.last_attempt_at or row.created_at)
    name = f"changes-{picture.look.replace(' ', '-')}.png"
    words = in_words(page, WORDS_MOST)
    return UploadPicture(name, f"Changes in {look.name()}", words, partial(calendar_picture.png, page))


async def _picture(tx: AsyncSession, row: Outbox) -> Rendered:
    picture = await calendar_pictures.get(tx, number_of(row.about))
    return views.picture(picture) if picture and picture.file else None


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CALENDAR_DRAWING: _drawing,
    NoticeKind.CALENDAR_PICTURE: _picture,
}
