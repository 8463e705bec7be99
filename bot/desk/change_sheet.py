"""All that a change's card shows, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals, collisions
from bot.desk.approvals import Poll
from bot.desk.change_access import find, risk_of, says
from bot.desk.policy import in_force
from bot.rules.change_scope import Difference, differences
from bot.rules.collisions import Collision
from bot.rules.freeze import Window
from bot.rules.policy import Policy
from bot.rules.refs import Ref
from bot.rules.risk import Assessment
from storage import changes
from storage.tables import Change, ChangeQuestion


@dataclass(frozen=True)
class Sheet:
    change: Change
    poll: Poll
    assessment: Assessment
    questions: Sequence[ChangeQuestion]
    revised: Sequence[Difference]
    """What is different from the revision before."""
    policy: Policy
    collisions: Sequence[Collision] = ()
    held_by: Window | None = None


async def sheet(tx: AsyncSession, ref: Ref) -> Sheet:
    """Raises NoSuchRecord."""
    change, desk = await find(tx, ref), await in_force(tx)
    before = await changes.told_in(tx, change.number, change.revision - 1)
    return Sheet(
        change=change,
        poll=await approvals.poll_of(tx, change),
        assessment=risk_of(change, desk),
        questions=await changes.questions(tx, change.number),
        revised=differences(before, says(change)) if before else [],
        policy=desk.policy,
        collisions=await collisions.of_change(tx, change),
        held_by=await collisions.holder(tx, change),
    )
