"""Changes of the policy put to approval; who never votes on one, and what follows a decision."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import Decision
from bot.rules.policy_proposal import notices
from bot.rules.policy_proposal.flow import FLOW, ProposalState, ProposalStep
from bot.rules.policy_proposal.refusals import NobodyApproves, OwnProposal
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused, Stale
from bot.usecases.approval import approvals, asking
from bot.usecases.approval.approvable import Approvable, Subject, found, members, standing
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.policy import in_force
from bot.usecases.policy_proposal import access, proposals
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record, required
from storage import record_numbers, records, timers
from storage.delivery import outbox
from storage.tables import PolicyProposal

REPLAY = "policy-replay"
"""The kind of the timer that has a proposal run over the past."""
TITLE_MOST = 150
_REFUSED = {Decision.REJECTED: ProposalStep.REJECT, Decision.EXPIRED: ProposalStep.EXPIRE}


def subject_of(proposal: PolicyProposal) -> Subject:
    barred = {proposal.proposed_by: OwnProposal}
    return Subject(proposal.ref, proposal.revision, proposal.title, proposal.proposed_by, barred, proposal.proposed_at)


async def propose(tx: AsyncSession, said: proposals.Proposed, *, by: str, now: datetime) -> PolicyProposal:
    """Put to approval at once. Raises FormRefused with each fault and its line, NotFromSlack, NotYourPolicy,
    NobodyApproves, GuestsMayNot."""
    rule, desk = await access.require_proposes(tx, by), await in_force(tx)
    title, why = text.one_line(said.title), text.clean(said.why)
    faults = text.faults({"title": ("The title", title, TITLE_MOST)})
    result, wrong = proposals.judged(desk.policy, said)
    if wrong:
        faults[said.asked] = wrong
    if faults or result is None:
        raise FormRefused(faults)
    proposal = PolicyProposal(
        number=await record_numbers.next_number(tx, Noun.POLICY), state=FLOW.begins, title=title, why=why,
        text=said.text, whole=said.whole, base=desk.version, result=result.text, digest=result.digest,
        proposed_by=by, proposed_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, proposal)
    data: dict[str, Datum] = {"base": desk.version, "digest": proposal.digest, "whole": said.whole}
    await record(tx, proposal, FLOW.opened, Deed(by, now), data, {"title": title, "comment": why})
    await outbox.put(tx, notices.card(str(proposal.ref), desk.policy.channel(desk.policy.proposals.channel)), now)
    try:
        await asking.ask(tx, POLICY, subject_of(proposal), rule, by=by, now=now)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NobodyApproves(why=refused.sentence) from refused
    await timers.schedule(tx, str(proposal.ref), REPLAY, str(proposal.number), now)
    return proposal


async def withdraw(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> PolicyProposal:
    """Nobody need vote on it any more. Raises FormRefused, NotYourPolicy, AlreadyDone, NotAStep, NoSuchRecord."""
    why = required("comment", "The reason", why)
    proposal = await access.may(tx, ProposalStep.WITHDRAW, ref, by)
    await approvals.give_up(tx, POLICY, ref, now)
    return await proposals.step(tx, proposal, ProposalStep.WITHDRAW, Deed(by, now), why)


async def poll(tx: AsyncSession, proposal: PolicyProposal) -> Poll:
    return await poll_of(tx, subject_of(proposal))


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    proposal = await access.find(tx, subject.ref)
    if decision is Decision.APPROVED:
        await proposals.decided(tx, proposal, now)
        return
    which = _REFUSED[decision]
    way = FLOW.check(proposal.ref, which, ProposalState(proposal.state))
    if not await records.step(tx, PolicyProposal, proposal.number, from_states=[proposal.state], state=way.to):
        raise Stale(ref=proposal.ref)
    await tx.refresh(proposal)
    told = notices.news(subject.key, FLOW.facts[which], now, [proposal.proposed_by])
    await outbox.put_all(tx, told, now)


POLICY = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.POLICY_AGREED, Decision.REJECTED: FactKind.POLICY_REJECTED},
    decided=_decided,
    followed=(Decision.APPROVED,),
    managers=members(lambda policy: policy.proposals.manager),
    may_reopen=standing(FLOW, ProposalStep.WITHDRAW, ProposalState),
    undecidable=standing(FLOW, ProposalStep.REJECT, ProposalState),
)
