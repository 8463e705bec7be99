"""All that a change's card shows, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.revision_diff import Difference, differences
from bot.rules.change.risk import Assessment
from bot.rules.change_window.conflicts import Collision
from bot.rules.change_window.windows import Window
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Ref
from bot.usecases.approval.asking import Poll
from bot.usecases.change import approval
from bot.usecases.change.access import find, in_window, risk_of, says
from bot.usecases.change_window import conflicts as change_window_conflicts
from bot.usecases.policy import in_force
from bot.usecases.records import fields, links
from storage.approval import approvals as stored_approvals
from storage.approval import questions as approval_questions
from storage.change import changes
from storage.tables import Approval, ApprovalQuestion, Change


@dataclass(frozen=True)
class ChangeDetails:
    change: Change
    poll: Poll
    assessment: Assessment
    questions: Sequence[ApprovalQuestion]
    revised: Sequence[Difference]
    """What is different from the revision before."""
    policy: Policy
    asked_before: Sequence[Approval] = ()
    """Conditions and votes against, of the last earlier revision that had any."""
    collisions: Sequence[Collision] = ()
    held_by: Window | None = None
    linked: Sequence[str] = ()
    """What may be shown of the records that it is linked to."""
    fields: Sequence[Mapping[str, Any]] = ()
    """What was answered to additional fields."""
    window_open: bool = True
    """Whether it could be started by its window."""


async def sheet(tx: AsyncSession, ref: Ref, now: datetime | None = None) -> ChangeDetails:
    """`now`: for who may press *Start* then. Raises NoSuchRecord."""
    change, desk = await find(tx, ref), await in_force(tx)
    before = await changes.told_in(tx, change.number, change.revision - 1)
    return ChangeDetails(
        change=change,
        poll=await approval.poll(tx, change),
        assessment=risk_of(change, desk),
        questions=await approval_questions.of(tx, str(ref)),
        revised=differences(before, says(change)) if before else [],
        policy=desk.policy,
        asked_before=await stored_approvals.remarks_before(tx, str(ref), change.revision),
        collisions=await change_window_conflicts.of_change(tx, change),
        held_by=await change_window_conflicts.holder(tx, change),
        linked=await links.of(tx, change, None),
        fields=await fields.of(tx, ref),
        window_open=now is None or in_window(change, now),
    )
