"""Reminders of approvals, and their end: alarms that are rows."""

from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.change_access import find, ref_of
from bot.desk.policy import in_force
from bot.rules.policy_changes import ApprovalRule
from storage import alarms, changes
from storage.tables import Change


class AlarmKind(StrEnum):
    """What rings about a change."""

    REMINDER = "approval_reminder"
    EXPIRY = "approval_expiry"


async def rule_of(tx: AsyncSession, change: Change) -> ApprovalRule:
    """The approval policy it is under; of one that the policy has no more, the first that is left."""
    rules = (await in_force(tx)).policy.approvals
    return rules.get(change.approvers) or next(iter(rules.values()))


async def remind_of(tx: AsyncSession, change: Change, now: datetime) -> None:
    """Sets the next reminder, and the end, of what is voted on now; of what a freeze holds once it lets go."""
    await silence(tx, change, now)
    if change.held_by is not None:
        return
    rule, subject = await rule_of(tx, change), str(ref_of(change))
    next_at = now + rule.remind
    if change.due_at is not None:
        await alarms.schedule(tx, subject, AlarmKind.EXPIRY, _occurrence(change, change.due_at), change.due_at)
        if next_at < change.due_at or change.break_glass:
            await alarms.schedule(tx, subject, AlarmKind.REMINDER, _occurrence(change, next_at), next_at)


async def go_on(tx: AsyncSession, change: Change, now: datetime) -> None:
    """A vote that stood still has all its time again."""
    due_at = now + (await rule_of(tx, change)).expires
    await changes.step(tx, change.number, frm=[change.state], revision=change.revision, due_at=due_at)
    await remind_of(tx, await find(tx, ref_of(change)), now)


async def silence(tx: AsyncSession, change: Change, now: datetime) -> None:
    for kind in AlarmKind:
        await alarms.cancel(tx, str(ref_of(change)), kind, now)


def _occurrence(change: Change, at: datetime) -> str:
    return f"{change.revision}.{change.stage}.{int(at.timestamp())}"


def revision_of(occurrence: str) -> int:
    return int(occurrence.partition(".")[0])
