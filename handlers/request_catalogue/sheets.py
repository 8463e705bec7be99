"""All that a request shows, read together."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.visibility import as_read
from bot.usecases.request import approval, tasks
from handlers.request_catalogue.views.body import Sheet
from storage.tables import ServiceRequest


async def sheet_of(tx: AsyncSession, request: ServiceRequest) -> Sheet:
    policy, poll = (await in_force(tx)).policy, await approval.poll(tx, request)
    shown = await as_read(tx, request, None)
    return Sheet(shown, policy, await tasks.of(tx, request), poll, await links.of(tx, request, None))
