"""What of actions waits for somebody: what they promised, and what is done of what they asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.waiting import Waits
from bot.usecases.action import access, reminders
from storage.action import actions


class Why(StrEnum):
    PROMISED = auto()
    VERIFY = auto()


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    today = await reminders.today(tx, person, now)
    promised = [Waits(one, Why.PROMISED, None, today) for one in await actions.promised_by(tx, person, date.max)]
    done = await access.those_for(tx, await actions.to_verify(tx, person), person)
    return [*promised, *(Waits(one, Why.VERIFY, None, today) for one in done)]
