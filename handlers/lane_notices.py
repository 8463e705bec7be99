"""What is said of channels in which nothing can be said."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import parked_lanes
from bot.rules.notices import NoticeKind
from handlers.rendering import Rendered, Renderer
from handlers.views import lanes as views
from storage.tables import Outbox


async def _parked(tx: AsyncSession, row: Outbox) -> Rendered:
    silent = await parked_lanes.silent(tx, row.about)
    return views.parked(silent) if silent is not None else None


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.LANE_PARKED: _parked}
