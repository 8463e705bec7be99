"""What of actions waits for somebody: what they promised."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.waiting import Waits
from bot.usecases.action import reminders
from storage.action import actions


class Why(StrEnum):
    PROMISED = auto()


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    today = await reminders.today(tx, person, now)
    return [Waits(one, Why.PROMISED, None, today) for one in await actions.promised_by(tx, person, date.max)]
