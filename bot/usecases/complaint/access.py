"""Who is what to a complaint: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.flow import FLOW, OPEN, ComplaintState, ComplaintStep, Role, phrase
from bot.rules.complaint.refusals import NotYourComplaint
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import comments, visibility
from storage.tables import Complaint
from storage.workspace import people as directory

_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})
WORKS = frozenset({Role.HANDLER, Role.MANAGER})
OF_WORKERS: frozenset[StrEnum] = _ANYWAY | FLOW.only_by(*WORKS, Role.CLOCK)
"""What those alone may ever do who answer complaints."""


async def find(tx: AsyncSession, ref: Ref) -> Complaint:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, Complaint, ref)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Complaint:
    """For who complained and those who answer. Raises NoSuchRecord."""
    complaint = await find(tx, ref)
    if by not in (SYSTEM, complaint.complainant) and not await works(tx, by):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return complaint


async def works(tx: AsyncSession, by: str) -> set[Role]:
    """What somebody is to complaints of others."""
    rules, groups = (await in_force(tx)).policy.complaints, await directory.groups_of(tx, by)
    found = {Role.HANDLER} if rules.group in groups else set[Role]()
    return found | ({Role.MANAGER} if rules.manager in groups else set())


async def roles(tx: AsyncSession, complaint: Complaint, by: str) -> set[Role]:
    """Everything that somebody is to it. Nobody answers their own. Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.CLOCK}
    await people.member(tx, by)
    return {Role.COMPLAINANT} if by == complaint.complainant else await works(tx, by)


async def works_on(tx: AsyncSession, complaint: Complaint, by: str) -> bool:
    return by == SYSTEM or not WORKS.isdisjoint(await roles(tx, complaint, by))


async def refusal(tx: AsyncSession, complaint: Complaint, act: str) -> Refusal:
    policy = (await in_force(tx)).policy
    escalated = complaint.state == ComplaintState.ESCALATED
    groups = [policy.complaints.manager] if escalated else [policy.complaints.group, policy.complaints.manager]
    titles = " and ".join(dict.fromkeys(policy.group(one).title for one in groups))
    return NotYourComplaint(who=f"members of {titles}", act=act)


async def way(
    tx: AsyncSession, complaint: Complaint, step: ComplaintStep, by: str
) -> Row[ComplaintStep, ComplaintState, Role]:
    """The way that the step takes now. Raises NotYourComplaint, AlreadyDone, NotAStep."""
    held, state = await roles(tx, complaint, by), ComplaintState(complaint.state)
    if held.isdisjoint(FLOW.roles(step)) or state in FLOW.open_to(step) - FLOW.open_to(step, held):
        own = step in (ComplaintStep.ACCEPT, ComplaintStep.WITHDRAW)
        act = phrase(step).format(ref=complaint.ref)
        raise NotYourComplaint(who=Role.COMPLAINANT, act=act) if own else await refusal(tx, complaint, act)
    done_by = await people.name(tx, complaint.moved_by)
    return FLOW.check(complaint.ref, step, state, held, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> Complaint:
    """The complaint, if this person could do that with it now; raises what doing it would."""
    complaint = await shown_to(tx, ref, by)
    if isinstance(what, ComplaintStep):
        await way(tx, complaint, what, by)
    elif what is RecordAct.INFORM:
        await comments.may_inform(tx, ref, by)
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, complaint, by, what)
    return complaint


async def can(tx: AsyncSession, complaint: Complaint, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held = await roles(tx, complaint, by)
    found: set[StrEnum] = {*FLOW.legal(ComplaintState(complaint.state), held)}
    if Role.COMPLAINANT in held and complaint.state in OPEN:
        found.add(RecordAct.INFORM)
    return found | (_ANYWAY if not WORKS.isdisjoint(held) else set())
