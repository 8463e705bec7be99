"""What is said of channels in which nothing can be said, and of messages that were given up."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases.delivery import blocked_channels, undelivered
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.views import blocked_channels as views
from handlers.delivery.views import undelivered as undelivered_views
from handlers.records.registration import Registration
from storage.tables import Outbox


async def _parked(tx: AsyncSession, row: Outbox) -> Rendered:
    silent = await blocked_channels.silent(tx, row.about)
    return views.parked(silent) if silent is not None else None


async def _undelivered(tx: AsyncSession, row: Outbox) -> Rendered:
    what = await undelivered.given_up(tx, row)
    return undelivered_views.undelivered(what) if what is not None else None


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.LANE_PARKED: _parked,
    NoticeKind.UNDELIVERED: _undelivered,
}
REGISTRATION = Registration(renderers=RENDERERS)
