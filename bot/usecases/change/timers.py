"""What happens when a timer about a change's time rings."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import ChangeState
from bot.rules.change.reminders import ReminderKind
from bot.rules.policy.policy import ChannelKey, GroupKey
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import NoticeKind, home
from bot.rules.record.refs import of_subject
from bot.usecases import people
from bot.usecases.change import access, reminders
from bot.usecases.policy import in_force
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change, Timer
from storage.workspace import people as directory


async def _mind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Those concerned hear what the time makes true; what has ceased to be true by the time it rings is not said."""
    ref, kind = of_subject(timer.subject), ReminderKind(timer.kind)
    change = await access.find(tx, ref)
    if await reminders.due(tx, change, kind, timer.occurrence, now):
        if kind is ReminderKind.OVERRUN and change.state == ChangeState.SCHEDULED:
            await _missed(tx, change, now)
        elif kind in (ReminderKind.OPENS, ReminderKind.ENDS_SOON):
            # From now on it can be started: the card has the button.
            await outbox.redraw(tx, timer.subject, now, [NoticeKind.CHANGE_CARD])
        desk = await in_force(tx)
        everyone = await directory.members(tx, GroupKey.CHANGE_MANAGERS)
        here = await people.reached(tx, [change.implementer, change.requester, *everyone])
        channel = desk.policy.channel(ChannelKey.CHANGES)
        hear = notices.reminder_lanes(kind, channel, change.implementer, change.requester, everyone, here)
        data: dict[str, Datum] = {"reminder": kind, "revision": change.revision}
        await journal.record(tx, Fact(FactKind.CHANGE_REMINDED, timer.subject, SYSTEM, now, desk.version, data))
        if kind is ReminderKind.OVERRUN:
            # The one before says where it stands: the newest alone has buttons.
            await outbox.redraw(tx, timer.subject, now, [NoticeKind.CHANGE_REMINDER])
        await outbox.put_all(tx, notices.work_reminder(kind, timer.subject, timer.occurrence, hear), now)
    await reminders.follow(tx, ref, now)


async def _missed(tx: AsyncSession, change: Change, now: datetime) -> None:
    """Nobody started it in its window: its card, lists and the Home tabs of those concerned say so."""
    subject = str(change.ref)
    await changes.step(tx, change.number, frm=[change.state], revision=change.revision, missed_at=now)
    await outbox.put_all(tx, [home(one) for one in sorted({change.requester, change.implementer} - {""})], now)
    await outbox.redraw(tx, subject, now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = dict.fromkeys(ReminderKind, _mind)
