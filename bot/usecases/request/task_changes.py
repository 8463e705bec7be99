"""Tasks that a standard change does: somebody raises it, the task waits for it, and how it went decides.

Locks are taken in the order of `bot/usecases/reactions.py`: windows and changes first, then the request.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, Result
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref, of_subject
from bot.rules.request import notices
from bot.rules.request.flow import FLOW, TO_FULFIL, RequestState, RequestStep
from bot.rules.request.refusals import NoSuchChangeTask, StandardChangeGone
from bot.usecases.change import standard_changes, steps
from bot.usecases.change.access import find, ref_of
from bot.usecases.change.standard_changes import Use
from bot.usecases.records import links
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import access, tasks
from bot.usecases.request.moves import move
from storage import record_links, records
from storage.change import standard_changes as stored
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.request import requests
from storage.tables import Change, RequestTask, ServiceRequest
from storage.workspace import people as directory

_GOES_ON = frozenset({ChangeState.IMPLEMENTING})
_WENT_WELL = frozenset({Result.SUCCESS, Result.ISSUES})


def to_raise(every: Sequence[RequestTask]) -> list[RequestTask]:
    """Those that can be done now, by a change that nobody has raised yet."""
    return [one for one in tasks.ready(every) if one.change and not one.raised]


async def raise_change(
    tx: AsyncSession, ref: Ref, which: str, starts_at: datetime, ends_at: datetime, *, by: str, now: datetime
) -> ServiceRequest:
    """The standard change that the task names, in this window, carried out by who raises it.

    Raises NoSuchChangeTask, StandardChangeGone, NotYourRequest, NotAStep, and as `standard_changes.use`.
    """
    request, deed = await access.find(tx, ref), Deed(by, now)
    task = _named(ref, await tasks.of(tx, request), which)
    await tasks.require(tx, request, task, by)
    template = await stored.in_use(tx, task.change or "")
    if template is None:
        raise StandardChangeGone(name=task.change or "", title=task.title, key=task.key, ref=ref)
    use = Use(f"{ref} {request.title}: {task.title}", starts_at, ends_at, by)
    change = await standard_changes.use(tx, RecordVersion(template.ref, template.version), use, by=by, now=now)
    await records.hold(tx, ServiceRequest, ref.number)
    await tx.refresh(request)
    if request.state not in TO_FULFIL:
        FLOW.check(ref, RequestStep.FULFIL, RequestState(request.state))
    if not await requests.raise_change(tx, task, str(change.ref)):
        raise NoSuchChangeTask(ref=ref, typed=which, tasks="none")
    if request.state in (RequestState.NEW, RequestState.APPROVED):
        await move(tx, request, RequestStep.START, deed)
    await record_links.add(tx, str(ref), str(change.ref), LinkKind.RELATED, by, now)
    data: dict[str, Datum] = {"task": task.key, "title": task.title, "other": str(change.ref)}
    await record(tx, request, FactKind.REQUEST_TASK_RAISED, deed, data)
    await links.mirrored(tx, request, change, LinkKind.RELATED, deed)
    return request


async def follow(tx: AsyncSession, change: Change, fact: Fact) -> None:
    """A reaction: a change that went well has done its task; after another, one may be raised again."""
    task = await requests.task_of_change(tx, str(change.ref))
    if task is None:
        return
    await records.hold(tx, ServiceRequest, task.request)
    request = await access.find(tx, Ref(Noun.REQUEST, task.request))
    await tx.refresh(request)
    await tx.refresh(task)
    if task.done_at is not None or request.state not in TO_FULFIL:
        return
    deed = Deed(SYSTEM, fact.at)
    if change.state != ChangeState.CANCELLED and change.result in _WENT_WELL:
        await tasks.complete(tx, request, task, deed)
        return
    await requests.let_go_of_change(tx, task)
    data: dict[str, Datum] = {"task": task.key, "title": task.title, "other": str(change.ref)}
    await record(tx, request, FactKind.REQUEST_TASK_FAILED, deed, data)
    members = await directory.members(tx, task.group_key)
    told = notices.news(str(request.ref), FactKind.REQUEST_TASK_FAILED, fact.at, members)
    await outbox.put_all(tx, told, fact.at)


async def of_open_tasks(tx: AsyncSession, request: ServiceRequest) -> list[Change]:
    """Changes that tasks wait for, held until this transaction ends."""
    raised = [of_subject(one.raised) for one in await tasks.of(tx, request) if one.raised and one.done_at is None]
    for ref in sorted(raised, key=lambda one: one.number):
        await records.hold(tx, Change, ref.number)
    return [await find(tx, ref) for ref in raised]


async def call_off(tx: AsyncSession, raised: Sequence[Change], why: str, now: datetime) -> list[str]:
    """What was raised for a request that is withdrawn is cancelled; who carries out what was begun hears of it."""
    hear: list[str] = []
    for change in raised:
        if not await steps.call_off(tx, ref_of(change), why, now) and change.state in _GOES_ON:
            hear += [change.implementer, change.requester]
    return hear


def _named(ref: Ref, every: Sequence[RequestTask], which: str) -> RequestTask:
    """Raises NoSuchChangeTask."""
    found, wanted = to_raise(every), which.strip().casefold()
    for one in found:
        if wanted in (one.key, one.title.casefold()):
            return one
    raise NoSuchChangeTask(ref=ref, typed=which, tasks=", ".join(one.title for one in found) or "none")
