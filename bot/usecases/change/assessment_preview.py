"""What asking for a change as it stands on its form will mean: its risk, and who is asked to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import StageRule
from bot.rules.change.flow import ChangeType
from bot.rules.change.policy import approval_for
from bot.rules.change.risk import Assessment, assess, no_way_back
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.change import access
from bot.usecases.change_window.conflicts import Plan
from bot.usecases.policy import in_force


@dataclass(frozen=True)
class AssessmentPreview:
    assessment: Assessment
    stages: Sequence[StageRule]
    """In the order in which they are asked."""
    no_way_back: bool
    """Whether it was answered that there is none."""


async def of_plan(tx: AsyncSession, plan: Plan) -> AssessmentPreview | None:
    """None of a standard change, and until a service is chosen."""
    desk = await in_force(tx)
    if plan.type is ChangeType.STANDARD or plan.services[0] not in desk.policy.services:
        return None
    answers = await _answers(tx, plan)
    told = assess(desk.policy.risk, answers, access.criticality(desk, plan.services))
    _, rule = approval_for(desk.policy.approvals, plan.type, told.risk, plan.services[0])
    return AssessmentPreview(told, rule.rules, no_way_back(answers))


async def _answers(tx: AsyncSession, plan: Plan) -> Mapping[str, int]:
    """Of what is kept already."""
    if not plan.ref:
        return {}
    ref: Ref = of_subject(plan.ref)
    return access.answers_of(await access.find(tx, ref)) if ref.noun is Noun.CHANGE else {}
