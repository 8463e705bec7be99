"""What a proposed change of the policy would make of it; adopting what was approved, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.differences import differences
from bot.rules.policy.policy import Policy, PolicyFaults, amend, parse, restore
from bot.rules.policy_proposal import notices
from bot.rules.policy_proposal.flow import FLOW, ProposalStep
from bot.rules.policy_proposal.refusals import FileIsMaster, NotTheNewest
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Ref
from bot.usecases import policy as desk_policy
from bot.usecases.policy import in_force
from bot.usecases.policy_proposal import access
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import required
from bot.usecases.records.taking import take
from storage.delivery import outbox
from storage.policy_proposal import proposals as stored
from storage.tables import PolicyProposal

TEXT_MOST = 200_000
"""Characters of a policy that is sent."""
FAULTS_MOST = 12


@dataclass(frozen=True)
class Proposed:
    """What a form asks for."""

    title: str
    why: str
    text: str
    """TOML."""
    whole: bool = False
    """A whole policy, as a file has it; else what is different from the one in force."""
    asked: str = "text"
    """The field of the form that a fault of the text is told by."""


def judged(policy: Policy, said: Proposed) -> tuple[Policy | None, str]:
    """What comes of it, or what is wrong with it, by the lines of the text."""
    if len(said.text) > TEXT_MOST:
        return None, f"This has {len(said.text):,} characters; {TEXT_MOST:,} is the most."
    try:
        result = parse(said.text) if said.whole else amend(policy.text, said.text)
    except PolicyFaults as found:
        told = [str(one) for one in found.faults]
        left = len(told) - FAULTS_MOST
        return None, "\n".join([*told[:FAULTS_MOST], *([f"and {left} more"] if left > 0 else [])])
    if result.digest == policy.digest:
        return None, "This says what is in force already, so there is nothing to change."
    return result, ""


async def changes_of(tx: AsyncSession, proposal: PolicyProposal) -> list[str]:
    """How it differs from the policy that it was proposed against, a line a key."""
    before = await desk_policy.at_version(tx, proposal.base)
    return [one.strip() for one in differences(before, restore(proposal.result))]


async def take_back(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> PolicyProposal:
    """The policy as it was before is in force again, as a version of its own.

    Raises NotTheNewest, FileIsMaster, and as `withdraw`.
    """
    why = required("comment", "The reason", why)
    proposal, desk = await access.may(tx, ProposalStep.TAKE_BACK, ref, by), await in_force(tx)
    if desk.version != proposal.version or proposal.before is None:
        raise NotTheNewest(ref=ref, newest=desk.version)
    if await desk_policy.is_kept_in_a_file(tx):
        raise FileIsMaster(ref=ref)
    before = await desk_policy.at_version(tx, proposal.before)
    adopted = await desk_policy.adopt(tx, before, by=by, now=now)
    data: dict[str, Datum] = {"version": adopted.version, "before": proposal.before}
    proposal = await step(tx, proposal, ProposalStep.TAKE_BACK, Deed(by, now), why, data)
    await tell(tx, proposal, ProposalStep.TAKE_BACK, Deed(by, now))
    return proposal


async def decided(tx: AsyncSession, proposal: PolicyProposal, now: datetime) -> None:
    """Approved: adopted, or handed over where a file is the master; or it does not fit any more."""
    desk, deed = await in_force(tx), Deed(SYSTEM, now)
    moved = desk.version != proposal.base
    result, wrong = judged(desk.policy, Proposed("", "", proposal.text, proposal.whole))
    if moved and proposal.whole:
        # As a whole it would undo what was adopted since, which nobody who voted has seen.
        result, wrong = None, f"version {desk.version} was adopted since, and a whole policy would undo it"
    if result is None:
        proposal = await step(tx, proposal, ProposalStep.OVERTAKE, deed, wrong)
        await tell(tx, proposal, ProposalStep.OVERTAKE, deed)
        return
    if await desk_policy.is_kept_in_a_file(tx):
        # Drawn anew: something else may have been adopted since.
        values: dict[str, Any] = {"result": result.text, "digest": result.digest, "base": desk.version}
        proposal = await step(tx, proposal, ProposalStep.HAND_OVER, deed, **values)
        channel = desk.policy.channel(desk.policy.proposals.channel)
        await outbox.put(tx, notices.file(str(proposal.ref), channel), now)
        await tell(tx, proposal, ProposalStep.HAND_OVER, deed)
        return
    adopted = await desk_policy.adopt(tx, result, by=SYSTEM, now=now)
    await _adopted(tx, proposal, adopted.version, desk.version, deed)


async def committed(tx: AsyncSession, now: datetime) -> None:
    """The file of the operator says by now what was approved."""
    desk = await in_force(tx)
    for proposal in await stored.to_commit(tx, desk.policy.digest):
        await _adopted(tx, proposal, desk.version, None, Deed(SYSTEM, now))


async def _adopted(tx: AsyncSession, proposal: PolicyProposal, version: int, before: int | None, deed: Deed) -> None:
    values = {"version": version, "before": before}
    proposal = await step(tx, proposal, ProposalStep.ADOPT, deed, "", dict(values), **values)
    await tell(tx, proposal, ProposalStep.ADOPT, deed)


async def step(
    tx: AsyncSession,
    proposal: PolicyProposal,
    which: ProposalStep,
    deed: Deed,
    comment: str = "",
    data: dict[str, Datum] | None = None,
    **values: Any,
) -> PolicyProposal:
    way = partial(access.way, tx, step=which, by=deed.by)
    return await take(tx, proposal, way, FLOW.facts[which], deed, comment, data, **values)


async def tell(tx: AsyncSession, proposal: PolicyProposal, which: ProposalStep, deed: Deed) -> None:
    kind: FactKind = FLOW.facts[which]
    if deed.by != proposal.proposed_by:
        told = notices.news(str(proposal.ref), kind, deed.now, [proposal.proposed_by])
        await outbox.put_all(tx, told, deed.now)
