"""The tasks that fulfil a request: those that wait for nothing are done side by side, the last one fulfils it."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import AlreadyDone
from bot.rules.request import notices
from bot.rules.request.flow import FLOW, TO_FULFIL, RequestAct, RequestState, RequestStep
from bot.rules.request.refusals import ItemsLeft, NoSuchTask, NotYourRequest, TaskOfChange, TaskWaits
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import access
from bot.usecases.request.moves import move
from bot.usecases.request.people import concerned
from storage import records
from storage.change import standard_changes
from storage.delivery import outbox
from storage.request import requests
from storage.tables import RequestTask, ServiceRequest
from storage.workspace import people as directory

add = requests.add_task


async def of(tx: AsyncSession, request: ServiceRequest) -> list[RequestTask]:
    return await requests.tasks(tx, request.number)


async def open_of(tx: AsyncSession, request: ServiceRequest) -> list[RequestTask]:
    return [one for one in await of(tx, request) if one.done_at is None]


def left_of(task: RequestTask) -> list[str]:
    """The items of its checklist that nobody has ticked yet."""
    ticked = json.loads(task.ticked)
    return [one for one in json.loads(task.checklist) if one not in ticked]


def ready(every: Sequence[RequestTask]) -> list[RequestTask]:
    """Those open ones that wait for no other."""
    done = {one.key for one in every if one.done_at is not None}
    return [one for one in every if one.done_at is None and done.issuperset(one.after.split())]


async def finish(tx: AsyncSession, ref: Ref, which: str, *, by: str, now: datetime) -> ServiceRequest:
    """By key or title; the first begins the work, and the last fulfils the request.

    Raises NoSuchTask, TaskWaits, ItemsLeft, TaskOfChange, NotYourRequest, AlreadyDone, NotAStep, NoSuchRecord, Stale.
    """
    request, deed = await access.find(tx, ref), Deed(by, now)
    await records.hold(tx, ServiceRequest, ref.number)
    await tx.refresh(request)
    every = await of(tx, request)
    task = _named(ref, every, which)
    await require(tx, request, task, by)
    if request.state not in TO_FULFIL:
        FLOW.check(ref, RequestStep.FULFIL, RequestState(request.state))
    if task.done_at is None and task not in ready(every):
        titles = {one.key: one.title for one in every if one.done_at is None}
        before = ", ".join(titles[key] for key in task.after.split() if key in titles)
        raise TaskWaits(title=task.title, before=before)
    if task.done_at is None and (items := left_of(task)):
        raise ItemsLeft(title=task.title, items=", ".join(items))
    if task.done_at is None:
        await _require_no_change(tx, ref, task)
    return await complete(tx, request, task, deed)


async def complete(tx: AsyncSession, request: ServiceRequest, task: RequestTask, deed: Deed) -> ServiceRequest:
    """Who may was asked before, of a person or of what did it; the request is held. Raises AlreadyDone."""
    if not await requests.finish_task(tx, task, deed.by, deed.now):
        raise AlreadyDone(ref=task.title, done="done", by=await people.name(tx, task.done_by))
    if request.state in (RequestState.NEW, RequestState.APPROVED):
        await move(tx, request, RequestStep.START, deed)
    data: dict[str, Datum] = {"task": task.key, "title": task.title}
    await record(tx, request, FactKind.REQUEST_TASK_DONE, deed, data)
    if await open_of(tx, request):
        await tell_ready(tx, request, FactKind.REQUEST_TASK_DONE, deed, after=task.key)
        return request
    await move(tx, request, RequestStep.FULFIL, deed)
    hear = [one for one in await concerned(tx, request) if one != deed.by]
    await outbox.put_all(tx, notices.news(str(request.ref), FactKind.REQUEST_FULFILLED, deed.now, hear), deed.now)
    return request


async def _require_no_change(tx: AsyncSession, ref: Ref, task: RequestTask) -> None:
    """Where the standard change is not in use any more, people may do it another way. Raises TaskOfChange."""
    if task.raised:
        raise TaskOfChange(title=task.title, next=f"It is done once {task.raised} is finished.")
    if task.change and await standard_changes.in_use(tx, task.change):
        raise TaskOfChange(title=task.title, next=f"Raise it with `/request raise {ref} {task.key}`.")


async def tell_ready(
    tx: AsyncSession, request: ServiceRequest, kind: FactKind, deed: Deed, after: str | None = None
) -> None:
    """Groups other than the one that has the request hear of tasks that can be done from now on."""
    new = [one for one in ready(await of(tx, request)) if after is None or after in one.after.split()]
    groups = {one.group_key for one in new} - {request.owner_group}
    hear = {person for group in groups for person in await directory.members(tx, group)}
    await outbox.put_all(tx, notices.news(str(request.ref), kind, deed.now, sorted(hear)), deed.now)


def _named(ref: Ref, every: Collection[RequestTask], which: str) -> RequestTask:
    wanted = which.strip().casefold()
    for one in every:
        if wanted in (one.key, one.title.casefold()):
            return one
    left = ", ".join(one.title for one in every if one.done_at is None)
    raise NoSuchTask(ref=ref, typed=which, tasks=left or "none")


async def require(tx: AsyncSession, request: ServiceRequest, task: RequestTask, by: str) -> None:
    """Raises NotYourRequest unless somebody is of the task's group, or of the one that has the request."""
    await people.member(tx, by)
    allowed = {task.group_key, request.owner_group}
    if allowed.isdisjoint(await directory.groups_of(tx, by)):
        groups = (await in_force(tx)).policy.groups
        titles = [groups[one].title if one in groups else one for one in sorted(allowed)]
        raise NotYourRequest(who=f"members of {' or '.join(titles)}", act=RequestAct.TASK.format(ref=request.ref))
