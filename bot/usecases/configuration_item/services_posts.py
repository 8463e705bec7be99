"""How services are now, as a message in a channel that is kept true.

It is looked at each minute and drawn again where it would be different. So nothing that bears on a service has to know
of it, windows that begin and end by themselves among it, and whatever happens in a minute is drawn once.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import notices
from bot.rules.configuration_item.refusals import NotYourServices
from bot.rules.configuration_item.service_state import digest
from bot.rules.policy.policy import GroupKey
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.usecases import people
from bot.usecases.configuration_item import catalogue
from bot.usecases.policy import in_force
from storage import timers
from storage.configuration_item import services_posts
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ServicesPost, Timer
from storage.workspace import people as directory


async def may_post(tx: AsyncSession, by: str) -> bool:
    """The service desk, who manages the configuration, and who owns a service."""
    policy = (await in_force(tx)).policy
    keepers = {GroupKey.SERVICE_DESK, policy.configuration.manager, *(one.owner for one in policy.services.values())}
    return not keepers.isdisjoint(await directory.groups_of(tx, by))


async def post(tx: AsyncSession, *, by: str, now: datetime) -> str:
    """The name of the channel; one that was posted before says from now on where this one is.

    Raises NotYourServices, GuestsMayNot.
    """
    await people.member(tx, by)
    desk = await in_force(tx)
    if not await may_post(tx, by):
        groups = dict.fromkeys((GroupKey.SERVICE_DESK, desk.policy.configuration.manager))
        raise NotYourServices(groups=", ".join(desk.policy.groups[one].title for one in groups))
    room, before = desk.policy.channel(desk.policy.configuration.services_channel), await services_posts.newest(tx)
    shown = ServicesPost(room=room, asked_by=by, asked_at=now, shows=await _digest(tx, now))
    number = await services_posts.begin(tx, shown)
    data: dict[str, Datum] = {"channel": room, "post": number}
    await journal.record(tx, Fact(FactKind.SERVICES_POSTED, notices.SERVICES, by, now, desk.version, data))
    await outbox.put(tx, notices.services(number, room), now)
    if before is not None:
        await outbox.redraw(tx, notices.about_services(before.id or 0), now)
    await timers.again(tx, notices.SERVICES, notices.LOOK, now + notices.EVERY)
    return room


async def newest(tx: AsyncSession) -> ServicesPost | None:
    return await services_posts.newest(tx)


async def _digest(tx: AsyncSession, now: datetime) -> str:
    services = (await in_force(tx)).policy.services
    return digest(await catalogue.bearings(tx, None, now), {key: one.name for key, one in services.items()})


async def _look(tx: AsyncSession, _timer: Timer, now: datetime) -> None:
    shown = await services_posts.newest(tx)
    if shown is None:
        return
    wanted = await _digest(tx, now)
    if shown.shows != wanted and await services_posts.shows(tx, shown, wanted):
        await outbox.redraw(tx, notices.about_services(shown.id or 0), now)
    await timers.again(tx, notices.SERVICES, notices.LOOK, now + notices.EVERY)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {notices.LOOK: _look}
