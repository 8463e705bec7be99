"""A request that waits for who asked, for a supplier or for a change; the clock stands still as the policy says."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import Ref
from bot.rules.request import notices
from bot.rules.request.flow import RequestStep
from bot.usecases import people
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import required
from bot.usecases.request import access, promise
from bot.usecases.request.people import concerned
from bot.usecases.request.requests import step
from storage.delivery import outbox
from storage.request import requests as stored
from storage.tables import ServiceRequest
from storage.workspace import people as directory


async def pend(tx: AsyncSession, ref: Ref, on: PendingOn, why: str, *, by: str, now: datetime) -> ServiceRequest:
    """Who asked is told what is waited for. Raises FormRefused, NotYourRequest, AlreadyDone, NotAStep, Stale."""
    why, deed = required("comment", "The reason", why), Deed(by, now)
    request = await access.find(tx, ref)
    await access.way(tx, request, RequestStep.PEND, by)
    values = await promise.paused(tx, request, on, now)
    data: dict[str, Datum] = {"on": on, "stands": "due_at" in values}
    request = await step(tx, ref, RequestStep.PEND, deed, why, data, **values)
    await _tell(tx, request, FactKind.REQUEST_PENDED, deed)
    return request


async def resume(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ServiceRequest:
    """Raises as `pend`."""
    return await step(tx, ref, RequestStep.RESUME, Deed(by, now))


async def answer(tx: AsyncSession, ref: Ref, words: str, *, by: str, now: datetime) -> ServiceRequest:
    """Who asked says what was waited for: work goes on, and whoever has it reads it. Raises as `pend`."""
    words, deed = required("comment", "The answer", words), Deed(by, now)
    request = await step(tx, ref, RequestStep.ANSWER, deed, words)
    await _tell(tx, request, FactKind.REQUEST_ANSWERED, deed)
    return request


async def answered(tx: AsyncSession, request: ServiceRequest, deed: Deed) -> None:
    """Who asked has said more, which whoever has it was told: what waited for that goes on."""
    await step(tx, request.ref, RequestStep.ANSWER, deed)


async def go_on_without(tx: AsyncSession, now: datetime) -> None:
    """What waits for people of whom nobody is left goes on; whoever has it, or its group, is told."""
    deed = Deed(SYSTEM, now)
    for request in await stored.waiting_for_leavers(tx):
        if not await people.reached(tx, [request.requester, request.behalf]):
            request = await step(tx, request.ref, RequestStep.RESUME, deed, "", {"left": request.requester})
            group = await directory.members(tx, request.owner_group)
            hear = [request.assignee] if request.assignee else group
            told = notices.news(str(request.ref), FactKind.REQUEST_RESUMED, now, hear)
            await outbox.put_all(tx, told, now)


async def _tell(tx: AsyncSession, request: ServiceRequest, kind: FactKind, deed: Deed) -> None:
    hear = [one for one in await concerned(tx, request) if one != deed.by]
    told = notices.news(str(request.ref), kind, deed.now, hear)
    await outbox.put_all(tx, [*told, *(home(one) for one in (request.requester, request.behalf) if one)], deed.now)
