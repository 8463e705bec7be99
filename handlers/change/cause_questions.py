"""An incident's messages, with what is asked there of changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.usecases.change import suspected_cause
from bot.usecases.policy import in_force
from handlers.blocks.kit import Message
from handlers.change.views import cause as views
from storage.tables import Incident


async def with_questions(tx: AsyncSession, incident: Incident, card: Message) -> Message:
    return views.with_questions(card, incident, await suspected_cause.asked(tx, incident), (await in_force(tx)).policy)
