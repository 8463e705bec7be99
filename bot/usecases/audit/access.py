"""Who is what to an audit and a finding: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit.flow import (
    AUDIT_FLOW,
    FINDING_FLOW,
    LIVE,
    OWED,
    AuditAct,
    AuditState,
    AuditStep,
    FindingAct,
    FindingState,
    FindingStep,
    Role,
    phrase,
)
from bot.rules.audit.refusals import AuditFixed, NotYourAudit, OwnFinding
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from storage.action import actions as stored_actions
from storage.tables import AuditFinding, InternalAudit
from storage.workspace import people as directory

_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})
_BY_AUDITOR = frozenset({AuditAct.CHECK, AuditAct.EXAMINE})
may_work = workers.of(InternalAudit.auditor, AuditFinding.owner)
_CHECKS = (FindingStep.CLOSE, FindingStep.SEND_BACK)


async def find(tx: AsyncSession, ref: Ref) -> InternalAudit:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, InternalAudit, ref)


async def find_finding(tx: AsyncSession, ref: Ref) -> AuditFinding:
    """As `find`, of a finding."""
    return await visibility.find(tx, AuditFinding, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> InternalAudit:
    """Audits are for everybody in the workspace. Raises NoSuchRecord."""
    return await find(tx, ref)


async def finding_shown_to(tx: AsyncSession, ref: Ref, _by: str) -> AuditFinding:
    return await find_finding(tx, ref)


async def roles(tx: AsyncSession, audit: InternalAudit, by: str) -> set[Role]:
    """Everything that somebody is to an audit. Raises GuestsMayNot."""
    if by == OPERATOR:
        return {Role.MANAGER}
    await people.member(tx, by)
    found = {Role.AUDITOR} if by == audit.auditor else set[Role]()
    if await is_manager(tx, by):
        found.add(Role.MANAGER)
    return found


async def finding_roles(tx: AsyncSession, finding: AuditFinding, by: str) -> set[Role]:
    """Everything that somebody is to a finding. Raises GuestsMayNot."""
    found = await roles(tx, await find(tx, of_subject(finding.audit)), by)
    groups = await directory.groups_of(tx, by)
    if by == finding.owner or (finding.owner is None and finding.owner_group in groups):
        found.add(Role.OWNER)
    if not found.isdisjoint({Role.AUDITOR, Role.MANAGER}) and not await own_work(tx, finding, by):
        found.add(Role.CHECKER)
    return found


async def own_work(tx: AsyncSession, finding: AuditFinding, by: str) -> str:
    """Why this person cannot judge what was done about a finding; empty where they can."""
    if by == finding.owner:
        return "you own it"
    if by == finding.answered_by:
        return "you answered it"
    done = [one for one in await stored_actions.of_parent(tx, str(finding.ref)) if by in (one.owner, one.done_by)]
    return f"you own or did {done[0].ref}" if done else ""


async def is_manager(tx: AsyncSession, by: str) -> bool:
    return by == OPERATOR or (await in_force(tx)).policy.audits.manager in await directory.groups_of(tx, by)


async def require_manager(tx: AsyncSession, by: str, act: str) -> None:
    """Raises NotYourAudit, GuestsMayNot."""
    if by != OPERATOR:
        await people.member(tx, by)
    if not await is_manager(tx, by):
        policy = (await in_force(tx)).policy
        raise NotYourAudit(who=f"members of {policy.group(policy.audits.manager).title}", act=act)


async def works_on(tx: AsyncSession, audit: InternalAudit, by: str) -> bool:
    return by == SYSTEM or bool(await roles(tx, audit, by))


async def works_on_finding(tx: AsyncSession, finding: AuditFinding, by: str) -> bool:
    return by == SYSTEM or bool(await finding_roles(tx, finding, by))


async def refusal(tx: AsyncSession, _audit: InternalAudit, act: str) -> Refusal:
    return NotYourAudit(who=f"the auditor and members of {await _managers(tx)}", act=act)


async def finding_refusal(tx: AsyncSession, _finding: AuditFinding, act: str) -> Refusal:
    return NotYourAudit(who=f"the owner, the auditor and members of {await _managers(tx)}", act=act)


async def way(tx: AsyncSession, audit: InternalAudit, step: AuditStep, by: str) -> Row[AuditStep, AuditState, Role]:
    """The way that the step takes now. Raises NotYourAudit, AlreadyDone, NotAStep."""
    held = await roles(tx, audit, by)
    if held.isdisjoint(AUDIT_FLOW.roles(step)):
        raise NotYourAudit(who=await _who(tx, AUDIT_FLOW.roles(step)), act=phrase(step).format(ref=audit.ref))
    done_by = await people.name(tx, audit.moved_by)
    return AUDIT_FLOW.check(audit.ref, step, AuditState(audit.state), held, done_by=done_by)


async def finding_way(
    tx: AsyncSession, finding: AuditFinding, step: FindingStep, by: str
) -> Row[FindingStep, FindingState, Role]:
    """The same of a finding. Raises OwnFinding too."""
    held, act = await finding_roles(tx, finding, by), phrase(step).format(ref=finding.ref)
    if step in _CHECKS and finding.state == FindingState.ANSWERED and (why := await own_work(tx, finding, by)):
        raise OwnFinding(act=act, why=why)
    if held.isdisjoint(FINDING_FLOW.roles(step)):
        raise NotYourAudit(who=await _who(tx, FINDING_FLOW.roles(step)), act=act)
    done_by = await people.name(tx, finding.moved_by)
    return FINDING_FLOW.check(finding.ref, step, FindingState(finding.state), held, finding.kind, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> InternalAudit:
    """The audit, if this person could do that with it now; raises what doing it would."""
    audit = await shown_to(tx, ref, by)
    if isinstance(what, AuditStep):
        await way(tx, audit, what, by)
    elif isinstance(what, AuditAct):
        held, wanted = await roles(tx, audit, by), _of_act(what)
        if held.isdisjoint(wanted):
            raise NotYourAudit(who=await _who(tx, wanted), act=what.format(ref=ref))
        if not _act_allowed(audit, what):
            raise AuditFixed(ref=ref, state=label(AuditState(audit.state)))
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, audit, by, what)
    return audit


async def finding_may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> AuditFinding:
    """The same of a finding."""
    finding = await finding_shown_to(tx, ref, by)
    if isinstance(what, FindingStep):
        await finding_way(tx, finding, what, by)
    elif isinstance(what, FindingAct):
        wanted = (Role.AUDITOR, Role.MANAGER) if what is FindingAct.EXTEND else (Role.OWNER, Role.AUDITOR, Role.MANAGER)
        if (await finding_roles(tx, finding, by)).isdisjoint(wanted):
            raise NotYourAudit(who=await _who(tx, wanted), act=what.format(ref=ref))
        if finding.state not in OWED:
            raise AuditFixed(ref=ref, state=label(FindingState(finding.state)))
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, finding, by, what)
    return finding


async def can(tx: AsyncSession, audit: InternalAudit, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held, state = await roles(tx, audit, by), AuditState(audit.state)
    found: set[StrEnum] = {*AUDIT_FLOW.legal(state, held), *(_ANYWAY if held else ())}
    acts = {one for one in AuditAct if not held.isdisjoint(_of_act(one)) and _act_allowed(audit, one)}
    return found | acts


async def can_finding(tx: AsyncSession, finding: AuditFinding, by: str) -> Collection[StrEnum]:
    held, state = await finding_roles(tx, finding, by), FindingState(finding.state)
    found: set[StrEnum] = {*FINDING_FLOW.legal(state, held, finding.kind), *(_ANYWAY if held else ())}
    if held and finding.state in OWED:
        found.add(FindingAct.ASSIGN)
        found |= {FindingAct.EXTEND} if not held.isdisjoint({Role.AUDITOR, Role.MANAGER}) else set()
    return found


def _of_act(act: AuditAct) -> tuple[Role, ...]:
    return (Role.AUDITOR,) if act in _BY_AUDITOR else (Role.AUDITOR, Role.MANAGER)


def _act_allowed(audit: InternalAudit, act: AuditAct) -> bool:
    if act in _BY_AUDITOR:
        return audit.state == AuditState.UNDER_WAY
    return audit.state in LIVE


async def _managers(tx: AsyncSession) -> str:
    policy = (await in_force(tx)).policy
    return policy.group(policy.audits.manager).title


async def _who(tx: AsyncSession, wanted: Collection[Role]) -> str:
    named = [str(role) for role in wanted if role in (Role.AUDITOR, Role.OWNER)]
    if Role.MANAGER in wanted:
        named.append(f"members of {await _managers(tx)}")
    if Role.CHECKER in wanted:
        named.append(f"the auditor and members of {await _managers(tx)}")
    return " and ".join(named)
