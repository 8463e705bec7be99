"""What is said of entries in registers, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind, reader_of
from bot.rules.record.refs import of_subject
from bot.usecases.records import timeline
from bot.usecases.register import access
from handlers.blocks.renderer import Rendered, Renderer
from handlers.register.views import card as views
from storage.tables import Outbox


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    entry, wanted = await access.find(tx, of_subject(row.about)), json.loads(row.data)
    fact = await timeline.happened(tx, entry, wanted["fact"], wanted["at"], reader_of(row.lane))
    return views.news(entry, fact) if fact else None


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.REGISTER_NEWS: _news}
