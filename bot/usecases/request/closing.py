"""Silence closes what is fulfilled, after one reminder; so does it where who asked has left. Then it is rated."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.ratings import LOW
from bot.rules.incident import auto_close as rule
from bot.rules.policy.policy import Policy
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.flow import label
from bot.rules.record.notices import home
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import FormRefused, Stale
from bot.rules.request import notices
from bot.rules.request.flow import FLOW, RequestAct, RequestState, RequestStep, Role
from bot.rules.request.refusals import NotClosedYet, NotYourRequest, RatedAlready
from bot.usecases import people
from bot.usecases.incident.auto_close import business_days
from bot.usecases.incident.confirmation import BEST
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import access
from bot.usecases.request.people import concerned
from storage import records, timers
from storage.delivery import outbox
from storage.tables import ServiceRequest, Timer
from storage.workspace import people as directory

TIMER = "request_closing"
_REMIND_AFTER, _CLOSE_AFTER = 3, 5
"""Business days for what the catalogue has no more."""


async def schedule(tx: AsyncSession, request: ServiceRequest, now: datetime) -> None:
    """The reminder and the end that silence brings, counted in business days from when it was fulfilled."""
    ends = closing((await in_force(tx)).policy, request.item, now)
    for occurrence, at in ((rule.REMIND, ends.remind_at), (rule.CLOSE, ends.close_at)):
        await timers.schedule(tx, str(request.ref), TIMER, f"{occurrence}:{now.isoformat()}", at)


async def schedule_in_silence(tx: AsyncSession, request: ServiceRequest) -> None:
    """The end alone, of what another tool fulfilled."""
    if request.state == RequestState.DONE and request.done_at is not None:
        at = closing((await in_force(tx)).policy, request.item, request.done_at).close_at
        await timers.schedule(tx, str(request.ref), TIMER, f"{rule.CLOSE}:{request.done_at.isoformat()}", at)


def closing(policy: Policy, key: str, done_at: datetime) -> rule.Closing:
    """Of a request of this item."""
    item = policy.requests.get(key)
    days = (item.remind_after, item.close_after) if item else (_REMIND_AFTER, _CLOSE_AFTER)
    calendar = policy.calendars.get(item.calendar) if item and item.calendar else None
    return rule.closing(calendar.calendar if calendar else business_days(policy), done_at, *days)


async def _ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    request = await access.find(tx, of_subject(timer.subject))
    await records.hold(tx, ServiceRequest, request.number)
    await tx.refresh(request)
    occurrence, _, since = timer.occurrence.partition(":")
    if request.state != RequestState.DONE or request.done_at is None or request.done_at.isoformat() != since:
        return  # it was sent back since, and perhaps fulfilled again
    if occurrence == rule.CLOSE:
        await _close(tx, request, now)
    else:
        asked = await people.reached(tx, [request.requester, request.behalf])
        await record(tx, request, FactKind.REQUEST_REMINDED, Deed(SYSTEM, now), {"told": asked})
        told = notices.news(timer.subject, FactKind.REQUEST_REMINDED, now, asked)
        await outbox.put_all(tx, told, now)


async def _close(tx: AsyncSession, request: ServiceRequest, now: datetime) -> None:
    way = FLOW.check(request.ref, RequestStep.CLOSE, RequestState(request.state))
    moved: dict[str, Any] = {"state": way.to, "moved_at": now, "moved_by": SYSTEM}
    if not await records.step(tx, ServiceRequest, request.number, from_states=[request.state], **moved):
        raise Stale(ref=request.ref)
    await tx.refresh(request)
    await record(tx, request, FactKind.REQUEST_CLOSED, Deed(SYSTEM, now), {"from": RequestState.DONE})
    hear = await people.reached(tx, await concerned(tx, request))
    told = notices.news(str(request.ref), FactKind.REQUEST_CLOSED, now, hear)
    await outbox.put_all(tx, [*told, *map(home, hear)], now)


async def may_rate(tx: AsyncSession, ref: Ref, by: str) -> ServiceRequest:
    """Raises NotYourRequest, NotClosedYet, RatedAlready, NoSuchRecord."""
    request = await access.find(tx, ref)
    if Role.REQUESTER not in await access.roles(tx, request, by):
        who = await access.who(tx, request, [Role.REQUESTER])
        raise NotYourRequest(who=who, act=RequestAct.RATE.format(ref=ref))
    if request.state != RequestState.CLOSED:
        raise NotClosedYet(ref=ref, state=label(RequestState(request.state)))
    if request.rating is not None:
        raise RatedAlready(ref=ref)
    return request


async def rate(tx: AsyncSession, ref: Ref, rating: int, comment: str, *, by: str, now: datetime) -> ServiceRequest:
    """How it went, once, from 1 to 5 (customer satisfaction, ISO/IEC 20000-1:2018, 8.3.2).

    A low one is told to who had it and to the managers. Raises FormRefused, and as `may_rate`.
    """
    comment = text.clean(comment)
    if not 1 <= rating <= BEST:
        raise FormRefused({"rating": "Choose one from 1 to 5."})
    if len(comment) > text.WORDS_MOST:
        raise FormRefused(text.faults({"comment": ("The comment", comment, text.WORDS_MOST)}))
    request = await may_rate(tx, ref, by)
    still = col(ServiceRequest.rating).is_(None)
    if not await records.step(tx, ServiceRequest, ref.number, still, from_states=[request.state], rating=rating):
        raise RatedAlready(ref=ref)
    await tx.refresh(request)
    await record(tx, request, FactKind.REQUEST_RATED, Deed(by, now), {"rating": rating}, {"comment": comment})
    if rating <= LOW:
        managers = await directory.members(tx, (await in_force(tx)).policy.sla.manager)
        hear = [one for one in dict.fromkeys([request.assignee, *managers]) if one and one != by]
        await outbox.put_all(tx, notices.news(str(ref), FactKind.REQUEST_RATED, now, hear), now)
    return request


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {TIMER: _ring}
