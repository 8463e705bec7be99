"""Lists of changes for somebody."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.list_filter import read
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from storage.change import lists
from storage.tables import Change


async def page(tx: AsyncSession, asked: Asked) -> Page[Change]:
    """Raises BadChangeList."""
    services = (await in_force(tx)).policy.services
    wanted = read(asked.typed, {key: service.name for key, service in services.items()})
    total = await lists.count(tx, wanted, asked.by, asked.now)
    number = clamped(asked.page, asked.size, total)
    shown = await lists.page(tx, wanted, asked.by, asked.now, asked.size, number * asked.size)
    return Page(shown, total, number, await lists.left_out(tx, wanted))
