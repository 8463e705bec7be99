"""The calendar as a picture in the changes channel: asked for, posted on Mondays, drawn anew while it is current."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar import notices
from bot.rules.calendar.calendar import CalendarQuery
from bot.rules.calendar.page import Page
from bot.rules.calendar.refusals import EnoughPictures
from bot.rules.policy.policy import ChannelKey
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import NoticeKind, channel
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases import people
from bot.usecases.calendar import calendar
from bot.usecases.policy import InForce, in_force
from storage import timers
from storage.calendar import pictures
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import CalendarPicture, Outbox, Timer

MOST_A_DAY = 6
"""Pictures that people can have posted in a day, all together; those that stand are drawn anew beside."""


def zone_of(desk: InForce) -> ZoneInfo:
    return ZoneInfo(desk.policy.changes.calendar_zone)


async def page_of(tx: AsyncSession, look: CalendarQuery, now: datetime) -> Page:
    """What everybody may see, by the clocks of the policy."""
    return await calendar.page(tx, look, zone_of(await in_force(tx)), by=None, now=now)


async def post(tx: AsyncSession, look: CalendarQuery, *, by: str, now: datetime) -> bool:
    """Whether it is posted; False where it stands there since today already, and is drawn anew if it is different.

    Raises EnoughPictures, GuestsMayNot.
    """
    if by != SYSTEM:
        await people.member(tx, by)
    desk, page = await in_force(tx), await page_of(tx, look, now)
    day = str(page.today)
    row = CalendarPicture(look=str(look), day=day, asked_by=by, asked_at=now, shows=page.digest)
    number = await pictures.begin(tx, row)
    if number is None:
        await _draw_again(tx, look, page, now)
        return False
    if by != SYSTEM and await pictures.count(tx, day) > MOST_A_DAY:
        raise EnoughPictures(most=MOST_A_DAY, room=desk.policy.channel(ChannelKey.CHANGES))
    data: dict[str, Datum] = {"look": str(look), "picture": number}
    await journal.record(tx, Fact(FactKind.CALENDAR_POSTED, notices.SUBJECT, by, now, desk.version, data))
    await outbox.put(tx, notices.drawing(number, 1), now)
    await _look_again_later(tx, number, now)
    return True


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """A drawing is in Slack: now the message can show it."""
    if row.kind != NoticeKind.CALENDAR_DRAWING or outcome.standing is not Standing.DONE:
        return
    number, drawing = notices.number_of(row.about), int(json.loads(row.data)["drawing"])
    if not await pictures.arrived(tx, number, drawing, **outcome.found):
        return
    message = notices.picture(number, (await in_force(tx)).policy.channel(ChannelKey.CHANGES))
    if await outbox.is_queued(tx, message):
        await outbox.redraw(tx, row.about, now)
    else:
        await outbox.put(tx, message, now)


async def this_week(tx: AsyncSession, now: datetime) -> CalendarQuery:
    """By the clocks of the policy."""
    return CalendarQuery.at(now.astimezone(zone_of(await in_force(tx))).date())


async def current(tx: AsyncSession, now: datetime) -> CalendarPicture | None:
    """This week's, once it stands in the channel: until then a picture is for nobody's eyes but ours."""
    picture = await pictures.newest(tx, str(await this_week(tx, now)))
    if picture is None or picture.file is None:
        return None
    lane = channel((await in_force(tx)).policy.channel(ChannelKey.CHANGES))
    posted = await outbox.first(tx, notices.about(picture.id or 0), NoticeKind.CALENDAR_PICTURE, lane)
    return picture if posted is not None and posted.slack_ts is not None else None


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """The timer of the next Monday."""
    at = notices.next_post(now, zone_of(await in_force(tx)))
    await timers.schedule(tx, notices.SUBJECT, notices.POST, at.isoformat(), at)


async def _post_week(tx: AsyncSession, _timer: Timer, now: datetime) -> None:
    """A week with nothing in it is not posted."""
    desk, look = await in_force(tx), await this_week(tx, now)
    if desk.policy.changes.calendar_post and (await page_of(tx, look, now)).entries:
        await post(tx, look, by=SYSTEM, now=now)
    await set_up(tx, now)


async def _look_again(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Once an hour at most, as long as its days last and no later message shows the same."""
    picture = await pictures.get(tx, notices.number_of(timer.subject))
    look = CalendarQuery.parse(picture.look) if picture else None
    if picture is None or look is None:
        return
    page, newest = await page_of(tx, look, now), await pictures.newest(tx, picture.look)
    if now < page.midnights[-1] and newest is not None and newest.id == picture.id:
        await _draw_again(tx, look, page, now)
        await _look_again_later(tx, picture.id or 0, now)


async def _look_again_later(tx: AsyncSession, number: int, now: datetime) -> None:
    at = now + notices.EVERY
    await timers.schedule(tx, notices.about(number), notices.LOOK_AGAIN, at.isoformat(), at)


async def _draw_again(tx: AsyncSession, look: CalendarQuery, page: Page, now: datetime) -> None:
    picture = await pictures.newest(tx, str(look))
    different = picture is not None and picture.shows != page.digest
    if picture is not None and different and await pictures.draw_again(tx, picture, page.digest):
        await outbox.put(tx, notices.drawing(picture.id or 0, picture.drawings + 1), now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    notices.POST: _post_week,
    notices.LOOK_AGAIN: _look_again,
}
