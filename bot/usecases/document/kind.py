"""What a document declares to the record engine; its lists, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.list_filter import read
from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import Waits
from bot.usecases import people
from bot.usecases.approval import delegation
from bot.usecases.document import access, documents
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from storage.document import documents as stored
from storage.tables import ControlledDocument


class Why(StrEnum):
    VOTE = auto()
    READ = auto()
    REVIEW = auto()
    WRITE = auto()


async def page(tx: AsyncSession, asked: Asked) -> Page[ControlledDocument]:
    """Raises BadDocumentList."""
    wanted, today = read(asked.typed), (await people.today(tx, asked.by, asked.now)).isoformat()
    total = await stored.count(tx, wanted, asked.by, today)
    number = clamped(asked.page, asked.size, total)
    return Page(await stored.page(tx, wanted, asked.by, today, asked.size, number * asked.size), total, number)


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    votes = [
        Waits(one, Why.VOTE, more=owner)
        for one, owner in await delegation.records_waiting(tx, ControlledDocument, person, now)
    ]
    unread = [Waits(one, Why.READ) for one in await stored.to_read(tx, person)]
    late = await stored.late(tx, person, (await people.today(tx, person, now)).isoformat())
    drafts = [Waits(one, Why.WRITE) for one in await stored.drafts_of(tx, person)]
    return [*votes, *unread, *(Waits(one, Why.REVIEW) for one in late), *drafts]


KIND = Kind(
    ControlledDocument,
    access.shown_to,
    "a document",
    homes=lambda document: (document.owner,),
    works_on=access.works_on,
    refusal=access.refusal,
    facts={
        Event.NOTED: FactKind.DOCUMENT_NOTED,
        Event.LINKED: FactKind.DOCUMENT_LINKED,
        Event.ASSIGNED: FactKind.DOCUMENT_ASSIGNED,
    },
    assign=documents.assign,
    waits=waiting,
    page=page,
)
