"""A review at planned intervals is a promise: its owner is reminded, and once it is late who keeps the register too."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.register import notices
from bot.rules.register import reminders as rules
from bot.rules.register.flow import EntryState
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.register import access
from storage import records, timers
from storage.delivery import outbox
from storage.register import entries as stored
from storage.tables import RegisterEntry, Timer


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """Of all that are open: those that were entered before there were reminders have one too."""
    for entry in await stored.open_of_all(tx):
        await _schedule(tx, entry, now)


async def follow(tx: AsyncSession, entry: RegisterEntry, now: datetime) -> None:
    """Sets the reminders that are to come, and silences the others."""
    await timers.silence(tx, str(entry.ref), [rules.DUE, rules.STAGE], now)
    if entry.state == EntryState.OPEN:
        await _schedule(tx, entry, now)


async def _schedule(tx: AsyncSession, entry: RegisterEntry, now: datetime) -> None:
    about, review_on = str(entry.ref), date.fromisoformat(entry.review_on)
    await timers.schedule_all(tx, about, rules.DUE, rules.reminder(review_on, now))
    if entry.leave_by is not None:
        await timers.schedule_all(tx, about, rules.STAGE, rules.leaving(entry.stage, entry.leave_by, now))


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    entry = await access.find(tx, of_subject(timer.subject))
    if entry.state != EntryState.OPEN or entry.review_on > now.date().isoformat():
        return
    hear = await _hear(tx, entry, late="+" in timer.occurrence)
    await _tell(tx, entry, FactKind.REGISTER_REMINDED, {"review_on": entry.review_on}, hear, now)


async def _remind_of_stage(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    entry = await access.find(tx, of_subject(timer.subject))
    if entry.state != EntryState.OPEN or entry.leave_by is None or entry.leave_by > now:
        return
    data: dict[str, Datum] = {"stage": entry.stage, "leave_by": entry.leave_by.isoformat()}
    await _tell(tx, entry, FactKind.REGISTER_STAGE_LATE, data, await _hear(tx, entry, late=True), now)


async def _hear(tx: AsyncSession, entry: RegisterEntry, *, late: bool) -> list[str]:
    return await owners.reminded(tx, entry.owner, entry.owner_group, late=late)


async def _tell(
    tx: AsyncSession, entry: RegisterEntry, kind: FactKind, data: dict[str, Datum], hear: list[str], now: datetime
) -> None:
    await record(tx, entry, kind, Deed(SYSTEM, now), data | {"told": hear})
    await outbox.put_all(tx, notices.news(str(entry.ref), kind, now, hear), now)
    await follow(tx, entry, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the entry before its timers ring, as those do who take a step."""
    await records.hold(tx, RegisterEntry, of_subject(subject).number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    rules.DUE: _remind,
    rules.STAGE: _remind_of_stage,
}
