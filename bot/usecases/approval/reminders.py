"""Reminders of approvals, and their end: timers that are rows."""

from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import CaseState, due_by, last_call
from bot.rules.change.policy import ApprovalRule
from bot.usecases.approval.approvable import Subject
from bot.usecases.policy import in_force
from storage import timers
from storage.approval import approvals
from storage.tables import ApprovalCase, Timer

MOST_DOUBLED = 6
"""After so many reminders the time between two grows no more."""
OCCURRENCE_DOTS = 3


class TimerKind(StrEnum):
    """What rings about an approval."""

    REMINDER = "approval_reminder"
    EXPIRY = "approval_expiry"


async def rule_of(tx: AsyncSession, policy: str) -> ApprovalRule:
    """An approval policy by its key; of one that the policy has no more, the first that is left."""
    rules = (await in_force(tx)).policy.approvals
    return rules.get(policy) or next(iter(rules.values()))


async def remind_of(tx: AsyncSession, subject: Subject, case: ApprovalCase, now: datetime, sent: int = 0) -> None:
    """Sets the next reminder, and the end, of what is voted on now; of what is held once it goes on.

    `sent` reminders went before: after each, the next is twice as far off.
    """
    await silence(tx, subject.key, now)
    if case.state == CaseState.HELD:
        await _end_with_window(tx, subject, case, now)
    if not case.is_open:
        return
    next_at = now + (await rule_of(tx, case.policy)).remind * 2 ** min(sent, MOST_DOUBLED)
    await timers.schedule(tx, case.subject, TimerKind.EXPIRY, _occurrence(case, case.due_at), case.due_at)
    if next_at < case.due_at or subject.begun:
        occurrence = f"{_occurrence(case, next_at)}.{sent}"
        await timers.schedule(tx, case.subject, TimerKind.REMINDER, occurrence, next_at)


async def stop(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    """Take no votes for the time being. To be called with the record held."""
    await approvals.step(tx, subject.key, subject.revision, frm=[CaseState.OPEN], state=CaseState.HELD)
    await silence(tx, subject.key, now)
    case = await approvals.case(tx, subject.key, subject.revision)
    if case is not None and case.state == CaseState.HELD:
        await _end_with_window(tx, subject, case, now)


async def go_on(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    """A vote that stood still has all its time again; nothing where none does. To be called with the record held."""
    case = await approvals.case(tx, subject.key, subject.revision)
    if case is None or case.state != CaseState.HELD:
        return
    due_at = due_by(now, (await rule_of(tx, case.policy)).expires, subject.window)
    values = {"state": CaseState.OPEN, "due_at": due_at}
    await approvals.step(tx, subject.key, subject.revision, frm=[CaseState.HELD], **values)
    await remind_of(tx, subject, case.model_copy(update=values), now)


async def move(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    """What is voted on is to be done at another time, and is due before that. To be called with the record held."""
    case = await approvals.case(tx, subject.key, subject.revision)
    if case is None or case.needed_at == subject.needed_at:
        return
    due_at = case.due_at
    if subject.window and case.due_at == case.needed_at:
        due_at = due_by(now, (await rule_of(tx, case.policy)).expires, subject.window)
    elif subject.window:
        due_at = min(case.due_at, last_call(now, subject.window))
    await approvals.move(tx, subject.key, subject.revision, subject.needed_at, due_at)
    if case.is_due:
        await remind_of(tx, subject, case.model_copy(update={"due_at": due_at}), now)


async def _end_with_window(tx: AsyncSession, subject: Subject, case: ApprovalCase, now: datetime) -> None:
    """What is held can lose its window too."""
    if subject.window:
        at = last_call(now, subject.window)
        await timers.schedule(tx, case.subject, TimerKind.EXPIRY, _occurrence(case, at), at)


async def silence(tx: AsyncSession, subject: str, now: datetime) -> None:
    await timers.silence(tx, subject, list(TimerKind), now)


def _occurrence(case: ApprovalCase, at: datetime) -> str:
    return f"{case.revision}.{case.stage}.{int(at.timestamp())}"


async def put_off(tx: AsyncSession, timer: Timer, person: str, until: datetime) -> None:
    """This reminder, for one person, who is told in their own day."""
    occurrence = f"{timer.occurrence.partition('@')[0]}@{person}"
    await timers.schedule(tx, timer.subject, timer.kind, occurrence, until)


def put_off_for(occurrence: str) -> str:
    """The one person whom a reminder was put off for; empty where it is for all."""
    return occurrence.partition("@")[2]


def sent_before(occurrence: str) -> int:
    """How many reminders went before this one."""
    *_, last = occurrence.partition("@")[0].split(".")
    return int(last) if occurrence.count(".") == OCCURRENCE_DOTS else 0


def revision_of(occurrence: str) -> int:
    return int(occurrence.partition(".")[0])
