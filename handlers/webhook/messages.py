"""What is sent to endpoints, and what their owners hear."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases.webhook import endpoints
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import CallWebhook
from handlers.records.registration import Registration
from handlers.webhook.views import failures as views
from storage.tables import Outbox


async def _event(tx: AsyncSession, row: Outbox) -> Rendered:
    told = await endpoints.message(tx, row)
    return CallWebhook(told.to.url, told.id, told.body, told.to.variables) if told is not None else None


async def _trouble(tx: AsyncSession, row: Outbox) -> Rendered:
    found = await endpoints.trouble(tx, row)
    return views.trouble(found) if found is not None else None


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.WEBHOOK_EVENT: _event,
    NoticeKind.WEBHOOK_TROUBLE: _trouble,
}
REGISTRATION = Registration(renderers=RENDERERS)
