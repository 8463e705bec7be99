"""Who has a request, and who hears how it goes."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.refusals import AlreadyWatching
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused, Stale
from bot.rules.request import notices
from bot.rules.request.flow import RequestAct
from bot.usecases import people
from bot.usecases.records.declared import Deed
from bot.usecases.records.people import require_able
from bot.usecases.records.record import record
from bot.usecases.request import access
from storage import record_people, records
from storage.delivery import outbox
from storage.record_people import Part
from storage.request import requests as stored
from storage.tables import ServiceRequest
from storage.workspace import people as directory


async def assign(
    tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
) -> ServiceRequest:
    """To somebody who sees to it. Raises FormRefused, NotYourRequest, RequestEnded, NoSuchRecord, Stale."""
    if who is None or group is not None:
        raise FormRefused({"person": "One person sees to a request; its tasks have groups. Choose a person."})
    request = await access.find(tx, ref)
    await access.require_running(tx, request, RequestAct.ASSIGN, by)
    await require_able(tx, who)
    before = request.assignee
    if not await records.step(tx, ServiceRequest, ref.number, from_states=[request.state], assignee=who):
        raise Stale(ref=ref)
    await tx.refresh(request)
    await record(tx, request, FactKind.REQUEST_ASSIGNED, Deed(by, now), {"assignee": who, "before": before})
    told = notices.news(str(ref), FactKind.REQUEST_ASSIGNED, now, [who] if who != by else [])
    await outbox.put_all(tx, [*told, *(home(one) for one in (before, who) if one)], now)
    return request


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What somebody saw to who has left is with its group, which is told."""
    for request in await stored.of_leavers(tx):
        left = request.assignee
        # No other revision: approvals are about the one that was asked for.
        await records.step(tx, ServiceRequest, request.number, from_states=[request.state], assignee=None)
        await tx.refresh(request)
        data: dict[str, Datum] = {"assignee": None, "before": left, "left": left, "group": request.owner_group}
        await record(tx, request, FactKind.REQUEST_ASSIGNED, Deed(SYSTEM, now), data)
        hear = await directory.members(tx, request.owner_group)
        await outbox.put_all(tx, notices.news(str(request.ref), FactKind.REQUEST_ASSIGNED, now, hear), now)


async def share(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> ServiceRequest:
    """Somebody is told from now on how it goes; any member may ask for it. Raises AlreadyWatching, FormRefused."""
    await people.member(tx, by)
    request = await access.find(tx, ref)
    await require_able(tx, who)
    told = who in await concerned(tx, request)
    if told or not await record_people.add(tx, str(ref), who, Part.WATCHER, now):
        raise AlreadyWatching(ref=ref)
    await record(tx, request, FactKind.REQUEST_SHARED, Deed(by, now), {"person": who})
    await outbox.put_all(tx, notices.news(str(ref), FactKind.REQUEST_SHARED, now, [who] if who != by else []), now)
    return request


async def concerned(tx: AsyncSession, request: ServiceRequest) -> list[str]:
    """Who asked, whom it is for, who sees to it and who watches it."""
    watchers = await record_people.of(tx, str(request.ref), Part.WATCHER)
    return list(dict.fromkeys(filter(None, [request.requester, request.behalf, request.assignee, *watchers])))
