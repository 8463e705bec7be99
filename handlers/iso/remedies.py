"""What *Mend* opens: the form of what is missing, or the draft of it; else a judgement or an action."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.assessment import Assessment
from bot.rules.iso.criteria import InForce, Planned
from bot.rules.iso.findings import Finding
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases.policy import in_force
from bot.usecases.register import access as register_access
from handlers.audit.views import card as audit_views
from handlers.blocks.kit import View
from handlers.document import listeners as document
from handlers.document.views import writing
from handlers.iso.views import forms
from handlers.iso.views.forms import Gap
from handlers.management_review.views import card as meeting_views
from handlers.records.typed_values import Shown
from handlers.register import listeners as register
from handlers.request.context import RequestContext
from storage.iso import clauses


async def view(tx: AsyncSession, gap: Gap, found: Assessment, worst: Finding, turn: RequestContext) -> View:
    made = await _own(tx, gap, worst, turn)
    if made is None:
        return await otherwise(tx, gap, found, worst, turn)
    return forms.with_another_way(made, gap, found, worst)


async def otherwise(tx: AsyncSession, gap: Gap, found: Assessment, worst: Finding, turn: RequestContext) -> View:
    """A judgement where a person can tell, an action where work is missing."""
    return forms.mend(gap, found, worst, Shown(None, (await in_force(tx)).policy, turn.person, turn.now))


async def _own(tx: AsyncSession, gap: Gap, worst: Finding, turn: RequestContext) -> View | None:
    """The form of the record that the evidence is; None where no record is."""
    match worst.criterion:
        case InForce(document=sort):
            there = [Ref.parse(one, Noun.DOCUMENT) for one in worst.refs if one.startswith(f"{Noun.DOCUMENT}-")]
            drafts = there or await _drafts(tx, gap.clause)
            if drafts:
                return await document.KIND.menu(tx, drafts[0], turn)
            return writing.begin("", sort, gap.clause)
        case Planned(kept_by="audits"):
            return audit_views.plan_form("", gap.clause)
        case Planned(kept_by="management-reviews"):
            return meeting_views.plan_form("")
        case Planned(kept_by="") if not worst.n:
            return await _entry(tx, gap.clause, turn)
    return None


async def _drafts(tx: AsyncSession, clause: str) -> Sequence[Ref]:
    return [Ref(Noun.DOCUMENT, number) for number in await clauses.drafts(tx, clause)]


async def _entry(tx: AsyncSession, clause: str, turn: RequestContext) -> View | None:
    """Of the register that the policy declares for the clause, where this person may enter something."""
    for one in (await in_force(tx)).policy.registers.values():
        if clause in one.clauses:
            try:
                await register_access.require_enters(tx, one, turn.person)
            except Refusal:
                return None
            return await register.entry_form(tx, one)
    return None
