"""What is said of the journal."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.notices import NoticeKind
from handlers.rendering import Rendered, Renderer
from handlers.views import audit as views
from storage import journal_checkpoints
from storage.tables import Outbox


async def _digest(tx: AsyncSession, row: Outbox) -> Rendered:  # noqa: ARG001
    """The newest checkpoint, whichever was newest when this was queued: it vouches for all before it."""
    point = await journal_checkpoints.newest(tx)
    return views.digest(point) if point else None


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.AUDIT_DIGEST: _digest}
