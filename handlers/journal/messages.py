"""What is said of the journal."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from handlers.blocks.renderer import Rendered, Renderer
from handlers.journal.views import checkpoint as views
from handlers.records.registration import Registration
from storage.journal import checkpoints
from storage.tables import Outbox


async def _digest(tx: AsyncSession, row: Outbox) -> Rendered:  # noqa: ARG001
    """The newest checkpoint, whichever was newest when this was queued: it vouches for all before it."""
    point = await checkpoints.newest(tx)
    return views.digest(point) if point else None


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.AUDIT_DIGEST: _digest}
REGISTRATION = Registration(renderers=RENDERERS)
