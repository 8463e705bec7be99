"""Requests as approvals know them: who never votes, and what follows a decision."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import Decision
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refusals import Stale
from bot.rules.request import notices
from bot.rules.request.flow import FLOW, RequestState, RequestStep
from bot.rules.request.refusals import NobodyApproves, OwnRequest
from bot.usecases.approval import asking
from bot.usecases.approval.approvable import Approvable, Subject, found, standing
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import promise, reminders, tasks
from bot.usecases.request.access import find
from storage import records
from storage.delivery import outbox
from storage.tables import ServiceRequest
from storage.workspace import people as directory

_STEP = {
    Decision.APPROVED: RequestStep.APPROVE,
    Decision.REJECTED: RequestStep.REJECT,
    Decision.EXPIRED: RequestStep.EXPIRE,
}


def subject_of(request: ServiceRequest) -> Subject:
    barred = dict.fromkeys(filter(None, (request.requester, request.behalf)), OwnRequest)
    return Subject(request.ref, request.revision, request.title, request.requester, barred, request.raised_at)


async def ask(tx: AsyncSession, request: ServiceRequest, policy: str, deed: Deed) -> None:
    """Raises NobodyApproves."""
    await _move(tx, request, RequestStep.ASK_APPROVAL)
    await record(tx, request, FactKind.REQUEST_TO_APPROVE, deed, {"from": RequestState.NEW})
    try:
        await asking.ask(tx, REQUEST, subject_of(request), policy, by=deed.by, now=deed.now)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NobodyApproves(why=refused.sentence) from refused


async def poll(tx: AsyncSession, request: ServiceRequest) -> Poll:
    return await poll_of(tx, subject_of(request))


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    """Work may begin, and the promise runs from now on; or it is over."""
    request = await find(tx, subject.ref)
    approved = decision is Decision.APPROVED
    due = await promise.due(tx, request, now) if approved else None
    await _move(tx, request, _STEP[decision], due_at=due, approved_at=now if approved else None, moved_at=now)
    if due:
        data: dict[str, Datum] = {"due_at": due.isoformat()}
        await record(tx, request, FactKind.REQUEST_PROMISED, Deed(SYSTEM, now), data)
    await reminders.follow(tx, request, now)
    kind = FLOW.facts[_STEP[decision]]
    hear = [one for one in (request.requester, request.behalf) if one]
    told = [*notices.news(subject.key, kind, now, hear), *map(home, hear)]
    await outbox.put_all(tx, told, now)
    if approved:
        await tasks.tell_ready(tx, request, kind, Deed(request.requester, now))


async def _reopened(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    request = await find(tx, subject.ref)
    await _move(tx, request, RequestStep.TAKE_BACK, due_at=None, approved_at=None, moved_at=now)
    await reminders.follow(tx, request, now)


async def _managers(tx: AsyncSession, subject: Subject) -> Collection[str]:
    return await directory.members(tx, (await find(tx, subject.ref)).owner_group)


async def _move(tx: AsyncSession, request: ServiceRequest, step: RequestStep, **values: Any) -> None:
    way = FLOW.check(request.ref, step, RequestState(request.state))
    moved: dict[str, Any] = {**values, "state": way.to}
    if not await records.step(tx, ServiceRequest, request.number, from_states=[request.state], **moved):
        raise Stale(ref=request.ref)
    await tx.refresh(request)


REQUEST = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.REQUEST_APPROVED, Decision.REJECTED: FactKind.REQUEST_REJECTED},
    decided=_decided,
    reopened=_reopened,
    managers=_managers,
    may_reopen=standing(FLOW, RequestStep.TAKE_BACK, RequestState),
    undecidable=standing(FLOW, RequestStep.APPROVE, RequestState),
)
