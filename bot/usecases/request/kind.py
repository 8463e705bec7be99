"""What a request declares to the record engine."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.record.facts import FactKind
from bot.rules.request import notices
from bot.rules.request.flow import RequestState
from bot.usecases.records.declared import Deed, Event, Kind
from bot.usecases.request import access, lists, pending, people
from storage.delivery import outbox
from storage.request import requests
from storage.tables import ServiceRequest
from storage.workspace import people as directory


async def _tell(tx: AsyncSession, request: ServiceRequest, kind: FactKind, deed: Deed) -> None:
    hear = [one for one in await people.concerned(tx, request) if one != deed.by]
    await outbox.put_all(tx, notices.news(str(request.ref), kind, deed.now, hear), deed.now)


async def _speaks(tx: AsyncSession, request: ServiceRequest, by: str) -> bool:
    return by in await people.concerned(tx, request)


async def _heard(tx: AsyncSession, request: ServiceRequest, deed: Deed) -> None:
    """Who sees to it hears it, or the group; what waited for who asked goes on."""
    group = await directory.members(tx, request.owner_group)
    hear = [one for one in ([request.assignee] if request.assignee else group) if one != deed.by]
    await outbox.put_all(tx, notices.news(str(request.ref), FactKind.REQUEST_INFORMED, deed.now, hear), deed.now)
    waits = request.state == RequestState.PENDING and request.pending_on == PendingOn.CUSTOMER
    if waits and deed.by in (request.requester, request.behalf):
        await pending.answered(tx, request, deed)


KIND = Kind(
    ServiceRequest,
    access.shown_to,
    "a request",
    homes=lambda request: (request.requester, request.behalf, request.assignee),
    asked_by=lambda request: (request.requester,),
    works_on=access.works_on,
    form="answers",
    refusal=access.refusal,
    facts={
        Event.NOTED: FactKind.REQUEST_NOTED,
        Event.UPDATED: FactKind.REQUEST_UPDATED,
        Event.INFORMED: FactKind.REQUEST_INFORMED,
        Event.LINKED: FactKind.REQUEST_LINKED,
        Event.SHARED: FactKind.REQUEST_SHARED,
        Event.ASSIGNED: FactKind.REQUEST_ASSIGNED,
    },
    tell=_tell,
    speaks=_speaks,
    stranger=access.refusal,
    heard=_heard,
    assign=people.assign,
    share=people.share,
    waits=lists.waiting,
    opened=requests.open_for,
    page=lists.page,
)
