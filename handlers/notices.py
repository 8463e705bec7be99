"""From an outbox row to what is said: records are read and drawn at the moment of sending (law 10)."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import home
from bot.rules.notices import NoticeKind
from handlers import (
    audit_notices,
    cab_notices,
    change_calendar_notices,
    change_notices,
    incident_notices,
    lane_notices,
    major_notices,
    sla_notices,
    window_notices,
)
from handlers.rendering import Rendered, Renderer
from handlers.views import home as home_view
from storage.tables import Outbox


async def render(tx: AsyncSession, row: Outbox) -> Rendered:
    """What the row says now; None when there is nothing left to say."""
    return await RENDERERS[NoticeKind(row.kind)](tx, row)


async def _home(tx: AsyncSession, row: Outbox) -> Rendered:
    return home_view.home(await home.of(tx, row.lane.removeprefix("@"), row.last_attempt_at or row.created_at))


RENDERERS: Mapping[NoticeKind, Renderer] = MappingProxyType(
    {
        **incident_notices.RENDERERS,
        **major_notices.RENDERERS,
        **sla_notices.RENDERERS,
        **change_notices.RENDERERS,
        **window_notices.RENDERERS,
        **cab_notices.RENDERERS,
        **change_calendar_notices.RENDERERS,
        **audit_notices.RENDERERS,
        **lane_notices.RENDERERS,
        NoticeKind.HOME: _home,
    }
)
