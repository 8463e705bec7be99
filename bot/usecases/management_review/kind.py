"""What a management review declares to the record engine, and its list."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.management_review.list_filter import MeetingFilter, read
from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import Waits
from bot.usecases import people
from bot.usecases.management_review import access
from bot.usecases.records import visibility
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from storage.management_review import meetings as stored
from storage.tables import ManagementReview


class Why(StrEnum):
    HOLD = auto()


MOST = 1000


async def page(tx: AsyncSession, asked: Asked) -> Page[ManagementReview]:
    """Those that this person may see. Raises BadMeetingList."""
    wanted = read(asked.typed)
    every = [one for one in await stored.page(tx, wanted.states, MOST) if _is_wanted(one, wanted, asked.by)]
    found = [one for one in every if await visibility.sees(tx, one.ref, asked.by)]
    number = clamped(asked.page, asked.size, len(found))
    return Page(found[number * asked.size : (number + 1) * asked.size], len(found), number)


def _is_wanted(review: ManagementReview, wanted: MeetingFilter, by: str) -> bool:
    named = review.title.casefold()
    return (not wanted.mine or review.chair == by) and all(one.casefold() in named for one in wanted.words)


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    """Those that this person chairs and whose day has come, or that are held and not closed."""
    mine, today = await stored.chaired_by(tx, person), (await people.today(tx, person, now)).isoformat()
    return [Waits(one, Why.HOLD) for one in mine if one.state == "held" or one.planned_on <= today]


KIND = Kind(
    ManagementReview,
    access.shown_to,
    "a management review",
    homes=lambda review: (review.chair,),
    works_on=access.works_on,
    refusal=access.refusal,
    private=lambda _review: True,
    facts={Event.NOTED: FactKind.MANAGEMENT_REVIEW_NOTED, Event.LINKED: FactKind.MANAGEMENT_REVIEW_LINKED},
    waits=waiting,
    page=page,
)
