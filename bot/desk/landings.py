"""What came of the steps that the courier took, told to whose they are."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_calendar_pictures, major_steps
from bot.rules.steps import Outcome
from storage.tables import Outbox


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """Each looks whether the row is its own."""
    await major_steps.landed(tx, row, outcome, now)
    await change_calendar_pictures.landed(tx, row, outcome, now)
