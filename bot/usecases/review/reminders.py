"""Reminders of reviews are rows: before the day, on it and while it is late, until it is published or declined."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.review import notices
from bot.rules.review.flow import OWED
from bot.rules.review.required import TIMER, calendar_of, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import owners, visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.review import access
from storage import records, timers
from storage.delivery import outbox
from storage.tables import Review, Timer


async def follow(tx: AsyncSession, review: Review, now: datetime) -> None:
    """Sets the reminders that are to come, and silences the others; the end of what is reviewed changes nothing."""
    await timers.silence(tx, str(review.ref), [TIMER], now)
    if review.state not in OWED:
        return
    policy = (await in_force(tx)).policy
    calendar = calendar_of(policy.reviews, {key: one.calendar for key, one in policy.calendars.items()})
    coming = reminders(policy.reviews, calendar, date.fromisoformat(review.due_on), now)
    await timers.schedule_all(tx, str(review.ref), TIMER, coming)


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The facilitator; without one, or once it is late, the group too."""
    review = await access.find(tx, of_subject(timer.subject))
    if review.state not in OWED:
        return
    late = "+" in timer.occurrence
    told = await owners.reminded(tx, review.facilitator, review.owner_group, late=late)
    hear = [one for one in told if await visibility.sees(tx, review.ref, one)]
    data: dict[str, Datum] = {"due_on": review.due_on, "told": hear}
    await record(tx, review, FactKind.REVIEW_REMINDED, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.due(timer.subject, timer.occurrence, hear), now)
    await follow(tx, review, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the review before its timers ring, as those do who take a step."""
    await records.hold(tx, Review, of_subject(subject).number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {TIMER: _remind}
