"""Who is what to a proposed change of the policy: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_proposal.flow import FLOW, ProposalAct, ProposalState, ProposalStep, Role, phrase
from bot.rules.policy_proposal.refusals import NotFromSlack, NotYourPolicy
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from storage.tables import PolicyProposal
from storage.workspace import people as directory


async def find(tx: AsyncSession, ref: Ref) -> PolicyProposal:
    """Raises NoSuchRecord."""
    return await visibility.find(tx, PolicyProposal, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> PolicyProposal:
    """The rules of the desk are for everybody in the workspace. Raises NoSuchRecord."""
    return await find(tx, ref)


async def require_proposes(tx: AsyncSession, by: str) -> str:
    """The approval policy that a proposal is put to. Raises NotFromSlack, NotYourPolicy, GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    if policy.proposals.approval is None:
        raise NotFromSlack
    if set(policy.proposals.who).isdisjoint(await directory.groups_of(tx, by)):
        raise NotYourPolicy(who=await _members(tx, policy.proposals.who), act="propose a change of the policy")
    return policy.proposals.approval


async def roles(tx: AsyncSession, proposal: PolicyProposal, by: str) -> set[Role]:
    """Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.DESKBELL}
    await people.member(tx, by)
    found = {Role.PROPOSER} if by == proposal.proposed_by else set[Role]()
    manages = (await in_force(tx)).policy.proposals.manager in await directory.groups_of(tx, by)
    return found | ({Role.MANAGER} if manages else set())


async def works_on(tx: AsyncSession, proposal: PolicyProposal, by: str) -> bool:
    return bool(await roles(tx, proposal, by))


async def refusal(tx: AsyncSession, _proposal: PolicyProposal, act: str) -> Refusal:
    return NotYourPolicy(who=await _who(tx, [Role.PROPOSER, Role.MANAGER]), act=act)


async def way(
    tx: AsyncSession, proposal: PolicyProposal, step: ProposalStep, by: str
) -> Row[ProposalStep, ProposalState, Role]:
    """The way that the step takes now. Raises NotYourPolicy, AlreadyDone, NotAStep."""
    held, wanted = await roles(tx, proposal, by), FLOW.roles(step)
    if held.isdisjoint(wanted):
        raise NotYourPolicy(who=await _who(tx, wanted), act=phrase(step).format(ref=proposal.ref))
    done_by = await people.name(tx, proposal.moved_by)
    return FLOW.check(proposal.ref, step, ProposalState(proposal.state), held, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> PolicyProposal:
    """The proposal, if this person could do that with it now; raises what doing it would. Votes answer elsewhere."""
    proposal = await find(tx, ref)
    if isinstance(what, ProposalStep):
        await way(tx, proposal, what, by)
    elif what is not None and what not in (ProposalAct.VOTE, ProposalAct.UNVOTE):
        await visibility.require_worker(tx, proposal, by, what)
    return proposal


async def can(tx: AsyncSession, proposal: PolicyProposal, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now, but for votes."""
    held = await roles(tx, proposal, by)
    found: set[StrEnum] = {*FLOW.legal(ProposalState(proposal.state), held)}
    return found | ({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK} if held else set())


async def _who(tx: AsyncSession, wanted: Iterable[Role]) -> str:
    """The people of these roles as a sentence has them."""
    managers = await _members(tx, [(await in_force(tx)).policy.proposals.manager])
    named = {Role.PROPOSER: str(Role.PROPOSER), Role.MANAGER: managers, Role.DESKBELL: str(Role.DESKBELL)}
    return " and ".join(named[one] for one in Role if one in wanted)


async def _members(tx: AsyncSession, groups: Iterable[str]) -> str:
    policy = (await in_force(tx)).policy
    return f"members of {' and '.join(policy.group(one).title for one in groups)}"
