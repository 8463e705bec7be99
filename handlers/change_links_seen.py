"""An incident's messages, with what is asked there of changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_links
from bot.desk.policy import in_force
from handlers.views import change_links as views
from handlers.views.kit import Message
from storage.tables import Incident


async def with_questions(tx: AsyncSession, incident: Incident, card: Message) -> Message:
    return views.with_questions(card, incident, await change_links.asked(tx, incident), (await in_force(tx)).policy)
