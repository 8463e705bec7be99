"""What a request declares to the record engine."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.request import notices
from bot.usecases.records.declared import Deed, Event, Kind
from bot.usecases.request import access, lists, people
from storage.delivery import outbox
from storage.request import requests
from storage.tables import ServiceRequest


async def _tell(tx: AsyncSession, request: ServiceRequest, kind: FactKind, deed: Deed) -> None:
    hear = [one for one in await people.concerned(tx, request) if one != deed.by]
    await outbox.put_all(tx, notices.news(str(request.ref), kind, deed.now, hear), deed.now)


KIND = Kind(
    ServiceRequest,
    access.shown_to,
    "a request",
    homes=lambda request: (request.requester, request.behalf, request.assignee),
    asked_by=lambda request: (request.requester,),
    works_on=access.works_on,
    refusal=access.refusal,
    facts={
        Event.NOTED: FactKind.REQUEST_NOTED,
        Event.UPDATED: FactKind.REQUEST_UPDATED,
        Event.LINKED: FactKind.REQUEST_LINKED,
        Event.SHARED: FactKind.REQUEST_SHARED,
        Event.ASSIGNED: FactKind.REQUEST_ASSIGNED,
    },
    tell=_tell,
    assign=people.assign,
    share=people.share,
    waits=lists.waiting,
    opened=requests.open_for,
    page=lists.page,
)
