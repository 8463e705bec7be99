"""What came of steps in the workspace and of messages that were given up, told to whose they are."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.slack_task_results import Outcome
from bot.usecases.calendar import pictures
from bot.usecases.configuration_item import naming
from bot.usecases.configuration_item import pictures as impact_pictures
from bot.usecases.delivery import undelivered
from bot.usecases.major_incident import slack_tasks as major_incident_slack_tasks
from bot.usecases.on_call import user_groups
from bot.usecases.problem import pictures as problem_pictures
from bot.usecases.review import documents as review_documents
from bot.usecases.webhook import endpoints
from storage.tables import Outbox

Landed = Callable[[AsyncSession, Outbox, Outcome, datetime], Awaitable[None]]

LANDED: tuple[Landed, ...] = (
    major_incident_slack_tasks.landed,
    pictures.landed,
    problem_pictures.landed,
    review_documents.landed,
    naming.landed,
    impact_pictures.landed,
    user_groups.landed,
    undelivered.landed,
    endpoints.landed,
)
"""Each looks whether the row is its own."""


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    for one in LANDED:
        await one(tx, row, outcome, now)
