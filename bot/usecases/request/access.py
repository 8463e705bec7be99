"""Who is what to a request: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.rules.request.flow import FLOW, TO_FULFIL, RequestAct, RequestState, RequestStep, Role, phrase
from bot.rules.request.refusals import NotYourRequest, RequestEnded
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import comments, visibility
from storage.tables import ServiceRequest
from storage.workspace import people as directory

OF_THE_DESK: frozenset[StrEnum] = FLOW.only_by(Role.DESK) | {
    RequestAct.TASK, RequestAct.RAISE, RequestAct.ASSIGN,
    RecordAct.NOTE, RecordAct.UPDATE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT, RecordAct.PROBLEM,
}  # fmt: skip
"""What those alone may ever do who fulfil requests."""


async def find(tx: AsyncSession, ref: Ref) -> ServiceRequest:
    """Raises NoSuchRecord."""
    return await visibility.find(tx, ServiceRequest, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> ServiceRequest:
    """Every member may see what was asked for. Raises NoSuchRecord."""
    return await find(tx, ref)


async def roles(tx: AsyncSession, request: ServiceRequest, by: str) -> set[Role]:
    """Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.DESK}
    await people.member(tx, by)
    found = {Role.REQUESTER} if by in (request.requester, request.behalf) else set[Role]()
    if found and request.pending_on == PendingOn.CUSTOMER:
        found.add(Role.ANSWER)
    return found | ({Role.DESK} if request.owner_group in await directory.groups_of(tx, by) else set())


async def works_on(tx: AsyncSession, request: ServiceRequest, by: str) -> bool:
    return Role.DESK in await roles(tx, request, by)


async def refusal(tx: AsyncSession, request: ServiceRequest, act: str) -> Refusal:
    return NotYourRequest(who=await who(tx, request, [Role.DESK]), act=act)


async def who(tx: AsyncSession, request: ServiceRequest, wanted: Collection[Role]) -> str:
    """The people of these roles as a sentence has them."""
    group = (await in_force(tx)).policy.groups.get(request.owner_group)
    desk = f"members of {group.title if group else request.owner_group}"
    named = {Role.REQUESTER: str(Role.REQUESTER), Role.DESK: desk, Role.ANSWER: str(Role.ANSWER)}
    return " and ".join(named[one] for one in Role if one in wanted)


async def way(
    tx: AsyncSession, request: ServiceRequest, step: RequestStep, by: str
) -> Row[RequestStep, RequestState, Role]:
    """The way that the step takes now. Raises NotYourRequest, AlreadyDone, NotAStep."""
    held, wanted = await roles(tx, request, by), FLOW.roles(step)
    if held.isdisjoint(wanted):
        raise NotYourRequest(who=await who(tx, request, wanted), act=phrase(step).format(ref=request.ref))
    done_by = await people.name(tx, request.moved_by)
    return FLOW.check(request.ref, step, RequestState(request.state), held, done_by=done_by)


async def require_running(tx: AsyncSession, request: ServiceRequest, act: RequestAct, by: str) -> None:
    """Raises NotYourRequest, RequestEnded."""
    await visibility.require_worker(tx, request, by, act)
    require_open(request)


def require_open(request: ServiceRequest) -> None:
    """Raises RequestEnded unless somebody still has to do something for it."""
    if request.state not in {*TO_FULFIL, RequestState.APPROVAL}:
        raise RequestEnded(ref=request.ref, state=label(RequestState(request.state)))


_ANSWERED_ELSEWHERE = frozenset(
    {RequestAct.VOTE, RequestAct.UNVOTE, RequestAct.TASK, RequestAct.RAISE, RequestAct.RATE, RequestAct.REPLY}
)


async def may(tx: AsyncSession, what: StrEnum | None, seen: RecordVersion, by: str) -> ServiceRequest:
    """The request, if this person could do that with it now; raises what doing it would.

    Votes, tasks and ratings have their own answer.
    """
    request = await find(tx, seen.ref)
    if isinstance(what, RequestStep):
        await way(tx, request, what, by)
    elif what is RequestAct.ASSIGN:
        await require_running(tx, request, RequestAct.ASSIGN, by)
    elif what is RecordAct.SHARE:
        await people.member(tx, by)
    elif what is RecordAct.INFORM:
        await comments.may_inform(tx, seen.ref, by)
    elif what is not None and what not in _ANSWERED_ELSEWHERE:
        await visibility.require_worker(tx, request, by, what)
    return request


async def fulfils(tx: AsyncSession, by: str) -> bool:
    """Whether somebody may be in the position to fulfil a request: whose it is, its item says."""
    return bool(await directory.groups_of(tx, by))


async def can(tx: AsyncSession, request: ServiceRequest, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now, but for votes and tasks."""
    held, state = await roles(tx, request, by), RequestState(request.state)
    found: set[StrEnum] = {*FLOW.legal(state, held), RecordAct.SHARE}
    if Role.REQUESTER in held and state is RequestState.CLOSED and request.rating is None:
        found.add(RequestAct.RATE)
    if held:
        found.add(RecordAct.INFORM)
    if Role.DESK in held:
        found |= {RecordAct.NOTE, RecordAct.UPDATE, RecordAct.LINK, RecordAct.ACT}
        found |= {RequestAct.ASSIGN} if state in {*TO_FULFIL, RequestState.APPROVAL} else set()
    return found
