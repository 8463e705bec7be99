"""What happens when an alarm about a change rings."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals, change_access, change_reminders
from bot.desk.approval_reminders import AlarmKind, remind_of, revision_of
from bot.desk.change_access import take
from bot.desk.policy import in_force
from bot.rules import change_notices
from bot.rules.change_flow import ChangeState, ChangeStep
from bot.rules.change_reminders import ReminderKind
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.policy import ChannelKey, GroupKey
from bot.rules.refs import Noun, of_subject
from storage import changes, journal, outbox, people
from storage.tables import Alarm, Change


async def _remind(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """Those whose word is wanted hear of it again; a backlog of reminders is one."""
    change = await _open(tx, alarm)
    if change is None:
        return
    poll = await approvals.poll_of(tx, change)
    fact = Fact(
        FactKind.APPROVAL_REMINDED, alarm.subject, SYSTEM, now, change.policy_version, {"asked": poll.open_seats}
    )
    await journal.record(tx, fact)
    await outbox.put_all(tx, change_notices.reminded(alarm.subject, alarm.occurrence, poll.open_seats), now)
    await remind_of(tx, change, now)


async def _expire(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """Nobody decided in time: back to its author; what was begun without approval is called overdue."""
    change = await _open(tx, alarm)
    if change is None:
        return
    desk = await in_force(tx)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    managers = await people.members(tx, GroupKey.CHANGE_MANAGERS)
    if change.break_glass:
        await journal.record(tx, Fact(FactKind.APPROVAL_OVERDUE, alarm.subject, SYSTEM, now, desk.version))
        told = change_notices.overdue(alarm.subject, alarm.occurrence, channel, managers)
    else:
        said = {"decision": ChangeStep.EXPIRE, "decided_at": now, "decided_by": None, "comment": None}
        await take(tx, ChangeStep.EXPIRE, change, **said)
        await journal.record(tx, Fact(FactKind.APPROVAL_EXPIRED, alarm.subject, SYSTEM, now, desk.version))
        told = change_notices.change_decided(alarm.subject, alarm.occurrence, change.requester, [])
    await outbox.put_all(tx, told, now)
    await outbox.redraw(tx, alarm.subject, now)


async def _mind(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """Those concerned hear what the time makes true; what has ceased to be true by the time it rings is not said."""
    ref, kind = of_subject(alarm.subject), ReminderKind(alarm.kind)
    change = await change_access.find(tx, ref)
    if await change_reminders.due(tx, change, kind, alarm.occurrence, now):
        desk = await in_force(tx)
        managers = await people.members(tx, GroupKey.CHANGE_MANAGERS) if kind is ReminderKind.OVERRUN else []
        channel = desk.policy.channel(ChannelKey.CHANGES)
        hear = change_notices.reminder_lanes(kind, channel, change.implementer, change.requester, managers)
        data: dict[str, Datum] = {"reminder": kind, "revision": change.revision}
        await journal.record(tx, Fact(FactKind.CHANGE_REMINDED, alarm.subject, SYSTEM, now, desk.version, data))
        await outbox.put_all(tx, change_notices.work_reminder(kind, alarm.subject, alarm.occurrence, hear), now)
    await change_reminders.follow(tx, ref, now)


async def _open(tx: AsyncSession, alarm: Alarm) -> Change | None:
    """The change, if the vote that the alarm was set for is still open."""
    change = await changes.get(tx, of_subject(alarm.subject).number)
    if change is None or change.revision != revision_of(alarm.occurrence) or change.decision:
        return None
    voting = change.state == ChangeState.AUTHORISE or change.break_glass
    held = voting and await changes.hold(tx, change.number, frm=[change.state], revision=change.revision)
    return change if held else None


RINGS: Mapping[str, Callable[[AsyncSession, Alarm, datetime], Awaitable[None]]] = {
    AlarmKind.REMINDER: _remind,
    AlarmKind.EXPIRY: _expire,
    **dict.fromkeys(ReminderKind, _mind),
}


async def held(tx: AsyncSession, subject: str) -> None:
    """The change before its alarm, as those do who vote: neither then waits for the other for ever."""
    if subject.startswith(f"{Noun.CHANGE}-"):
        await changes.held(tx, of_subject(subject).number)
