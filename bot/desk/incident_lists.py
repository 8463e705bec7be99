"""Lists of incidents for somebody: nothing is on them that is not for their eyes."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.incident_eyes import eyes_with
from bot.desk.policy import in_force
from storage import people
from storage.incident_lists import Asker, Due, count, due_of, page

__all__ = ["Asker", "Due", "asker", "count", "due_of", "page"]


async def asker(tx: AsyncSession, by: str, now: datetime) -> Asker:
    """Who asks, with the groups that they are in."""
    groups = await people.groups_of(tx, by)
    return Asker(eyes_with((await in_force(tx)).policy, by, groups), groups, now)
