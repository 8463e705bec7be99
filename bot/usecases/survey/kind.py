"""What a survey declares to the record engine, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import MOST, Waits
from bot.usecases.records.declared import Event, Kind
from bot.usecases.survey import access
from storage.survey import surveys as stored
from storage.tables import Survey


class Why(StrEnum):
    ANSWER = auto()


async def waiting(tx: AsyncSession, person: str, _now: datetime) -> Sequence[Waits]:
    found = await stored.waiting(tx, person, MOST + 1)
    return [Waits(one, Why.ANSWER, one.closes_at) for one in found]


KIND = Kind(
    Survey,
    access.shown_to,
    "a survey",
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.SURVEY_NOTED, Event.LINKED: FactKind.SURVEY_LINKED},
    waits=waiting,
)
