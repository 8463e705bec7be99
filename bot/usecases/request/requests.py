"""Asking for something and taking a request through its flow; each function is one transaction's work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Kept, evaluate
from bot.rules.form.questions import QuestionType, field_of
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.request import notices
from bot.rules.request.flow import FLOW, RequestStep
from bot.rules.request.policy import Item, known
from bot.rules.request.refusals import TasksLeft
from bot.usecases.approval import approvals
from bot.usecases.configuration_item import naming
from bot.usecases.policy import in_force
from bot.usecases.records import steps, visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.people import require_able
from bot.usecases.records.record import record, required
from bot.usecases.request import access, approval, catalogue, promise, reminders, task_changes, tasks
from bot.usecases.request.moves import due_in, follow
from bot.usecases.request.people import concerned
from storage import record_numbers, records
from storage.delivery import outbox
from storage.tables import RequestTask, ServiceRequest

MOST_PEOPLE = 20
"""For whom one form asks at once."""


@dataclass(frozen=True)
class Order:
    """A form that was filled in."""

    item: str
    given: Mapping[str, Answer | None]
    behalf: str | None = None
    """For whom it is, where that is somebody else."""
    words: str = ""
    """What they had written down as an incident, before they asked for this instead."""


async def ask(tx: AsyncSession, order: Order, *, by: str, now: datetime) -> ServiceRequest:
    """Raises FormRefused by input, NotInCatalogue, NotForYou, NobodyApproves, GuestsMayNot."""
    item, desk, deed = await catalogue.item(tx, order.item, by), await in_force(tx), Deed(by, now)
    behalf = order.behalf if order.behalf != by else None
    if behalf:
        await _able(tx, behalf)
    filled = evaluate(item.questions, order.given, known(desk.policy.services))
    if filled.faults:
        raise FormRefused({field_of(one): fault for one, fault in filled.faults.items()})
    answered = [*_written(order.words), *await visibility.sealed(tx, filled.kept(known(desk.policy.services)))]
    kept = [asdict(one) for one in answered]
    request = ServiceRequest(
        number=await record_numbers.next_number(tx, Noun.REQUEST),
        state=FLOW.begins,
        item=item.key,
        title=item.title,
        service=item.service,
        owner_group=desk.policy.service(item.service).owner,
        requester=by,
        behalf=behalf,
        policy_version=desk.version,
        form_digest=item.form_digest,
        answers=json.dumps(kept, ensure_ascii=False),
        promise=int(item.fulfil.total_seconds()),
        approval=item.approval,
        raised_at=now,
        calendar=item.calendar,
        moved_at=now,
        moved_by=by,
    )
    if not item.approval:
        request.due_at = await promise.due(tx, request, now)
    await records.add(tx, request)
    said = "\n".join(f"{one['asks']} {one['said']}" for one in kept)
    data: dict[str, Datum] = {"item": item.key, "form": item.form_digest, "behalf": behalf}
    data |= {"service": request.service, "promise": request.promise, **due_in({"due_at": request.due_at})}
    await record(tx, request, FLOW.opened, deed, data, {"answers": said})
    await _add_tasks(tx, request, item)
    await naming.as_answered(tx, request, answered, by=by, now=now)
    room = desk.policy.channel_of(item.service)
    await outbox.put_all(tx, [notices.carded(str(request.ref), room), *_receipts(request)], now)
    if item.approval:
        await approval.ask(tx, request, item.approval, deed)
    else:
        await reminders.follow(tx, request, now)
        await tasks.tell_ready(tx, request, FLOW.opened, deed)
    return request


def _written(words: str) -> list[Kept]:
    """Stands before the answers: what was to be an incident is on record as what it was asked as."""
    said = text.shorten(text.one_line(words), text.SUMMARY_MOST)
    return [Kept("(incident)", "Written as an incident", QuestionType.TEXT, said, said)] if said else []


async def ask_for_each(
    tx: AsyncSession, order: Order, people: Sequence[str], *, by: str, now: datetime
) -> list[ServiceRequest]:
    """A request for each of these people; one for who asks where nobody is named. Raises as `ask`."""
    if len(people) > MOST_PEOPLE:
        raise FormRefused({"behalf": f"These are {len(people)} people; {MOST_PEOPLE} is the most. Take some away."})
    return [await ask(tx, replace(order, behalf=one), by=by, now=now) for one in people or (None,)]


async def start(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ServiceRequest:
    """Who starts it has it. Raises NotYourRequest, AlreadyDone, NotAStep, NoSuchRecord, Stale."""
    return await step(tx, ref, RequestStep.START, Deed(by, now), assignee=by)


async def fulfil(tx: AsyncSession, ref: Ref, how: str, *, by: str, now: datetime) -> ServiceRequest:
    """Those who asked are told and confirm it. Raises TasksLeft, FormRefused, and as `start`."""
    how = required("comment", "What was done", how)
    request = await access.find(tx, ref)
    await access.way(tx, request, RequestStep.FULFIL, by)
    if left := [one.title for one in await tasks.open_of(tx, request)]:
        raise TasksLeft(ref=ref, tasks=", ".join(left))
    request = await step(tx, ref, RequestStep.FULFIL, Deed(by, now), how, done_at=now)
    return await _tell(tx, request, FactKind.REQUEST_FULFILLED, Deed(by, now))


async def confirm(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ServiceRequest:
    """Raises as `start`."""
    return await step(tx, ref, RequestStep.CONFIRM, Deed(by, now))


async def send_back(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ServiceRequest:
    """It is not what was asked for: work goes on. Raises FormRefused, and as `start`."""
    why = required("comment", "What is missing", why)
    request = await step(tx, ref, RequestStep.SEND_BACK, Deed(by, now), why, done_at=None)
    return await _tell(tx, request, FactKind.REQUEST_SENT_BACK, Deed(by, now))


async def withdraw(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ServiceRequest:
    """Nobody need do anything for it any more, nor approve it. Raises FormRefused, and as `start`."""
    why = required("comment", "The reason", why)
    request = await access.find(tx, ref)
    await access.way(tx, request, RequestStep.WITHDRAW, by)
    raised = await task_changes.of_open_tasks(tx, request)
    if request.approval:
        await approvals.give_up(tx, approval.REQUEST, ref, now)
    request = await step(tx, ref, RequestStep.WITHDRAW, Deed(by, now), why, due_at=None)
    reason = text.shorten(f"{ref}, which it was raised for, was withdrawn: {why}", text.WORDS_MOST)
    also = await task_changes.call_off(tx, raised, reason, now)
    return await _tell(tx, request, FactKind.REQUEST_WITHDRAWN, Deed(by, now), also)


async def step(
    tx: AsyncSession,
    ref: Ref,
    which: RequestStep,
    deed: Deed,
    comment: str = "",
    told: Mapping[str, Datum] | None = None,
    **values: Any,
) -> ServiceRequest:
    request = await access.find(tx, ref)
    moved = {**await promise.resumed(tx, request, deed.now), **values, "moved_at": deed.now, "moved_by": deed.by}
    taken = await steps.step(tx, request, partial(access.way, tx, step=which, by=deed.by), **moved)
    data: dict[str, Datum] = {"from": taken.from_state, **(told or {}), **due_in(moved)}
    await record(tx, taken.record, FLOW.facts[which], deed, data, {"comment": comment})
    await follow(tx, taken.record, which, deed)
    return taken.record


async def _tell(
    tx: AsyncSession, request: ServiceRequest, kind: FactKind, deed: Deed, also: Sequence[str] = ()
) -> ServiceRequest:
    hear = [one for one in dict.fromkeys([*await concerned(tx, request), *also]) if one != deed.by]
    await outbox.put_all(tx, notices.news(str(request.ref), kind, deed.now, hear), deed.now)
    return request


async def _able(tx: AsyncSession, behalf: str) -> None:
    try:
        await require_able(tx, behalf)
    except FormRefused as refused:
        raise FormRefused({"behalf": " ".join(refused.faults.values())}) from None


async def _add_tasks(tx: AsyncSession, request: ServiceRequest, item: Item) -> None:
    for one in item.tasks:
        task = RequestTask(
            request=request.number,
            key=one.id,
            title=one.title,
            group_key=one.group or request.owner_group,
            instructions=one.instructions or "",
            checklist=json.dumps(one.checklist, ensure_ascii=False),
            after=" ".join(one.after),
            change=one.change,
        )
        await tasks.add(tx, task)


def _receipts(request: ServiceRequest) -> list[Any]:
    people = [one for one in (request.requester, request.behalf) if one]
    return [*notices.receipts(str(request.ref), people), *map(home, people)]
