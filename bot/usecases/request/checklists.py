"""Checklists of tasks: each item is ticked by somebody, on record, before its task is done."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.request.flow import FLOW, TO_FULFIL, RequestState, RequestStep
from bot.rules.request.refusals import NoSuchItem
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import access, tasks
from storage import records
from storage.request import requests
from storage.tables import RequestTask, ServiceRequest


def open_items(every: Sequence[RequestTask]) -> list[tuple[RequestTask, str]]:
    """Of tasks that can be done now."""
    return [(task, one) for task in tasks.ready(every) for one in tasks.left_of(task)]


async def tick(tx: AsyncSession, ref: Ref, which: str, *, by: str, now: datetime) -> ServiceRequest:
    """An item by its words. Raises NoSuchItem, NotYourRequest, NotAStep, NoSuchRecord."""
    request = await access.find(tx, ref)
    await records.hold(tx, ServiceRequest, ref.number)
    await tx.refresh(request)
    if request.state not in TO_FULFIL:
        FLOW.check(ref, RequestStep.FULFIL, RequestState(request.state))
    found, wanted = open_items(await tasks.of(tx, request)), which.strip().casefold()
    task, item = next(((task, one) for task, one in found if one.casefold() == wanted), (None, ""))
    if task is None:
        raise NoSuchItem(ref=ref, typed=which, items=", ".join(one for _, one in found) or "none")
    await tasks.require(tx, request, task, by)
    await requests.tick(tx, task, json.dumps([*json.loads(task.ticked), item], ensure_ascii=False))
    data: dict[str, Datum] = {"task": task.key, "item": item}
    await record(tx, request, FactKind.REQUEST_TICKED, Deed(by, now), data)
    return request
