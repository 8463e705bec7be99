"""Reminders of a change's window, its review and its debt: alarms that are set anew after each event."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.change_access import find, ref_of
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeState
from bot.rules.change_reminders import Course, Reminder, ReminderKind, true_now, wanted
from bot.rules.refs import Ref
from storage import alarms, changes
from storage.tables import Change


async def follow(tx: AsyncSession, ref: Ref, now: datetime) -> None:
    """Sets the reminders that are true of the change as it stands, and silences the others."""
    change = await find(tx, ref)
    unsaid = await alarms.waiting(tx, str(ref), ReminderKind.AHEAD)
    await alarms.silence(tx, str(ref), list(ReminderKind), now)
    for one in wanted(course_of(change), (await in_force(tx)).policy.changes, now, unsaid):
        await alarms.schedule(tx, str(ref), one.kind, _occurrence(change, one), one.at)


async def follow_policy(tx: AsyncSession, now: datetime) -> None:
    """The same of every change under way, once another policy is in force."""
    for change in await changes.under_way(tx):
        await changes.held(tx, change.number)
        await follow(tx, ref_of(change), now)


async def due(tx: AsyncSession, change: Change, kind: ReminderKind, occurrence: str, now: datetime) -> bool:
    """Whether what an alarm or a message is about is still the thing to say."""
    found = true_now(course_of(change), (await in_force(tx)).policy.changes, kind, now)
    return found is not None and _occurrence(change, found) == occurrence


def course_of(change: Change) -> Course:
    return Course(
        state=ChangeState(change.state),
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        started_at=change.started_at,
        finished_at=change.finished_at,
        owed_at=change.due_at if owes(change) else None,
        held=change.held_by is not None,
    )


def owes(change: Change) -> bool:
    """Whether it was begun without an approval that nobody has decided on yet."""
    return change.break_glass and change.decision is None


def _occurrence(change: Change, reminder: Reminder) -> str:
    return f"{change.revision}.{int(reminder.at.timestamp())}"
