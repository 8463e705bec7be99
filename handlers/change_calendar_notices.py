"""The calendar's picture, on its way to the changes channel."""

from collections.abc import Mapping
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_calendar_pictures
from bot.rules.change_calendar import Look
from bot.rules.change_calendar_notices import number_of
from bot.rules.notices import NoticeKind
from handlers.rendering import Rendered, Renderer
from handlers.steps import UploadPicture
from handlers.views import change_calendar as views
from handlers.views import change_calendar_picture
from handlers.views.change_calendar_words import in_words
from storage import calendar_pictures
from storage.tables import Outbox

WORDS_MOST = 2000
"""Of an image block's alt_text."""


async def _drawing(tx: AsyncSession, row: Outbox) -> Rendered:
    picture = await calendar_pictures.get(tx, number_of(row.about))
    if picture is None:
        return None
    look = Look.parse(picture.look)
    page = await change_calendar_pictures.page_of(tx, look, row.last_attempt_at or row.created_at)
    name = f"changes-{picture.look.replace(' ', '-')}.png"
    words = in_words(page, WORDS_MOST)
    return UploadPicture(name, f"Changes in {look.name()}", words, partial(change_calendar_picture.png, page))


async def _picture(tx: AsyncSession, row: Outbox) -> Rendered:
    picture = await calendar_pictures.get(tx, number_of(row.about))
    return views.picture(picture) if picture and picture.file else None


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CALENDAR_DRAWING: _drawing,
    NoticeKind.CALENDAR_PICTURE: _picture,
}
