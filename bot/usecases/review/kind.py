"""What a review declares to the record engine; its lists, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import Waits
from bot.rules.review.list_filter import read
from bot.usecases import people
from bot.usecases.approval import delegation
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from bot.usecases.review import access, reviews
from storage.review import reviews as stored
from storage.review.reviews import Asker
from storage.tables import Review
from storage.workspace import people as directory


class Why(StrEnum):
    VOTE = auto()
    WRITE = auto()


async def page(tx: AsyncSession, asked: Asked) -> Page[Review]:
    """Raises BadReviewList."""
    wanted, who = read(asked.typed), await _asker(tx, asked.by, asked.now)
    total = await stored.count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    shown = await stored.page(tx, wanted, who, asked.size, number * asked.size)
    return Page(shown, total, number, await stored.left_out(tx, wanted))


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    votes = [
        Waits(one, Why.VOTE, more=owner) for one, owner in await delegation.records_waiting(tx, Review, person, now)
    ]
    return [*votes, *(Waits(one, Why.WRITE) for one in await stored.owed_by(tx, person))]


async def _asker(tx: AsyncSession, by: str, now: datetime) -> Asker:
    private = (await in_force(tx)).policy.incidents.private.group in await directory.groups_of(tx, by)
    abouts = [] if private else [one for one in await stored.private_abouts(tx) if await _sees(tx, one, by)]
    today = await people.today(tx, by, now)
    return Asker(by, today.isoformat(), private, abouts)


async def _sees(tx: AsyncSession, about: str, by: str) -> bool:
    review = await stored.about(tx, about)
    return review is not None and await visibility.sees(tx, review.ref, by)


KIND = Kind(
    Review,
    access.shown_to,
    "a review",
    homes=lambda review: (review.facilitator,),
    works_on=access.works_on,
    refusal=access.refusal,
    private=lambda review: review.private,
    facts={
        Event.NOTED: FactKind.REVIEW_NOTED,
        Event.LINKED: FactKind.REVIEW_LINKED,
        Event.ASSIGNED: FactKind.REVIEW_ASSIGNED,
    },
    assign=reviews.assign,
    waits=waiting,
    page=page,
)
