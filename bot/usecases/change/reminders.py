"""Reminders of a change's window, its review and its debt: timers that are set anew after each event."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.change.reminders import Course, Reminder, ReminderKind, true_now, wanted
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Ref
from bot.usecases.change.access import find, ref_of
from bot.usecases.policy import in_force
from storage import timers
from storage.approval import approvals
from storage.change import changes
from storage.imports import imported
from storage.tables import ApprovalCase, Change


async def follow(tx: AsyncSession, ref: Ref, now: datetime) -> None:
    """Sets the reminders that are true of the change as it stands, and silences the others."""
    await follow_as_read(tx, await find(tx, ref), now)


async def follow_as_read(tx: AsyncSession, change: Change, now: datetime) -> None:
    """The same, by who has just moved the change and holds it as it stands."""
    subject = str(change.ref)
    waited = await timers.silence(tx, subject, list(ReminderKind), now)
    unsaid = waited.get(ReminderKind.AHEAD, ())
    for one in wanted(await course_of(tx, change), (await in_force(tx)).policy.changes, now, unsaid):
        await timers.schedule(tx, subject, one.kind, _occurrence(change, one), one.at)


async def follow_policy(tx: AsyncSession, now: datetime) -> None:
    """The same of every change under way, once another policy is in force; of what was moved in, once work on it began
    here."""
    found = await changes.under_way(tx)
    moved_in = {str(change.ref) for change in found if change.imported_from is not None}
    silent = moved_in - await imported.told_of(tx, moved_in, (FactKind.CHANGE_IMPORTED, FactKind.NOTE_IMPORTED))
    for change in found:
        if str(change.ref) not in silent:
            await changes.held(tx, change.number)
            await follow(tx, ref_of(change), now)


async def due(tx: AsyncSession, change: Change, kind: ReminderKind, occurrence: str, now: datetime) -> bool:
    """Whether what a timer or a message is about is still the thing to say."""
    found = true_now(await course_of(tx, change), (await in_force(tx)).policy.changes, kind, now)
    return found is not None and _occurrence(change, found) == occurrence


async def course_of(tx: AsyncSession, change: Change) -> Course:
    owed = await owes(tx, change)
    return Course(
        state=ChangeState(change.state),
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        started_at=change.started_at,
        finished_at=change.finished_at,
        owed_at=owed.due_at if owed else None,
        held=change.held_by is not None,
    )


async def owes(tx: AsyncSession, change: Change) -> ApprovalCase | None:
    """The approval that it was begun without, where nobody has decided on it yet."""
    if not change.break_glass:
        return None
    case = await approvals.case(tx, str(ref_of(change)), change.revision)
    return case if case is not None and case.is_due else None


def first_overrun(change: Change) -> str:
    """Which reminder says that its window has just closed."""
    return _occurrence(change, Reminder(ReminderKind.OVERRUN, change.ends_at))


def _occurrence(change: Change, reminder: Reminder) -> str:
    return f"{change.revision}.{int(reminder.at.timestamp())}"
