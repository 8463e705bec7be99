"""Lists of incidents for somebody: only those that they may see."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.list_filter import Filter, read
from bot.usecases.incident.visibility import viewer_with
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from storage.incident.lists import Asker, Due, count, counts, due_of, left_out, page
from storage.tables import Incident
from storage.workspace import people

NAMED = 5
"""Incidents that a form names, to be typed into it."""
__all__ = ["Asker", "Due", "asker", "count", "counts", "due_of", "page", "page_of"]


async def asker(tx: AsyncSession, by: str, now: datetime) -> Asker:
    """Who asks, with the groups that they are in."""
    groups = await people.groups_of(tx, by)
    return Asker(viewer_with((await in_force(tx)).policy, by, groups), groups, now)


async def open_for(tx: AsyncSession, by: str, service: str | None, now: datetime) -> list[Incident]:
    """A few open incidents that this person may see, of a service or of all, by deadline."""
    wanted = Filter(service=service)
    return list(await page(tx, wanted, await asker(tx, by, now), NAMED, by_deadline=True))


async def page_of(tx: AsyncSession, asked: Asked) -> Page[Incident]:
    """Raises BadFilter, NoSuchService."""
    wanted, who = read(asked.typed, (await in_force(tx)).policy), await asker(tx, asked.by, asked.now)
    total = await count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    shown = await page(tx, wanted, who, asked.size, number * asked.size, by_deadline=asked.by_deadline)
    return Page(shown, total, number, await left_out(tx, wanted))
