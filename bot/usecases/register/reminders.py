"""A review at planned intervals is a promise: its owner is reminded, and once it is late who keeps the register too."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.register import notices
from bot.rules.register import reminders as rules
from bot.rules.register.flow import EntryState
from bot.usecases import people
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.register import access
from storage import records, timers
from storage.delivery import outbox
from storage.register import entries as stored
from storage.tables import RegisterEntry, Timer
from storage.workspace import people as directory


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """Of all that are open: those that were entered before there were reminders have one too."""
    for entry in await stored.open_of_all(tx):
        await timers.schedule_all(tx, str(entry.ref), rules.DUE, _next(entry, now))


async def follow(tx: AsyncSession, entry: RegisterEntry, now: datetime) -> None:
    """Sets the reminder that is to come, and silences the others."""
    await timers.silence(tx, str(entry.ref), [rules.DUE], now)
    if entry.state == EntryState.OPEN:
        await timers.schedule_all(tx, str(entry.ref), rules.DUE, _next(entry, now))


def _next(entry: RegisterEntry, now: datetime) -> dict[str, datetime]:
    return rules.reminder(date.fromisoformat(entry.review_on), now)


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    entry = await access.find(tx, of_subject(timer.subject))
    if entry.state != EntryState.OPEN or entry.review_on > now.date().isoformat():
        return
    late = "+" in timer.occurrence
    served = await people.served(tx, [entry.owner] if entry.owner else [])
    group = await directory.members(tx, entry.owner_group) if late or not served else []
    hear = list(dict.fromkeys([*served, *group]))
    data: dict[str, Datum] = {"review_on": entry.review_on, "told": hear}
    await record(tx, entry, FactKind.REGISTER_REMINDED, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.news(timer.subject, FactKind.REGISTER_REMINDED, now, hear), now)
    await follow(tx, entry, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the entry before its timers ring, as those do who take a step."""
    await records.hold(tx, RegisterEntry, of_subject(subject).number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {rules.DUE: _remind}
