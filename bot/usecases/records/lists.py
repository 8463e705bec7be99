"""Lists of records, filtered by what was typed, a page at a time; nothing is on them that is not for the reader."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun
from bot.rules.record.refusals import NotForThis
from bot.usecases.records.declared import Asked, Event, Page, kind_of
from bot.usecases.records.visibility import all_as_read

PAGE = 10


async def page(
    tx: AsyncSession,
    noun: Noun,
    typed: str,
    number: int = 0,
    *,
    by: str,
    now: datetime,
    size: int = PAGE,
    by_deadline: bool = False,
) -> Page[Any]:
    """Page `number` from 0 on; the last where the list is shorter. Raises the noun's BadFilter, NoSuchService."""
    asked = kind_of(noun).page
    if asked is None:
        raise NotForThis(ref=noun, done=Event.LISTED)
    found = await asked(tx, Asked(typed, number, size, by, now, by_deadline))
    return replace(found, shown=await all_as_read(tx, found.shown, by))


def clamped(number: int, size: int, total: int) -> int:
    """The page asked for, or the last one that there is."""
    return min(number, max(0, (total - 1) // size))
