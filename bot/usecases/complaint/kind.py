"""What a complaint declares to the record engine; its list, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.flow import ComplaintState, Role
from bot.rules.complaint.list_filter import read
from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import MOST, Waits
from bot.usecases.complaint import access, complaints
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from storage.complaint import complaints as stored
from storage.tables import Complaint


class Why(StrEnum):
    ANSWER = auto()
    ACCEPT = auto()


async def page(tx: AsyncSession, asked: Asked) -> Page[Complaint]:
    """All for those who answer, their own for anybody else. Raises BadComplaintList."""
    wanted, every = read(asked.typed), bool(await access.works(tx, asked.by))
    total = await stored.count(tx, wanted, asked.by, every, asked.now)
    number = clamped(asked.page, asked.size, total)
    found = await stored.page(tx, wanted, asked.by, every, asked.now, asked.size, number * asked.size)
    return Page(found, total, number)


async def waiting(tx: AsyncSession, person: str, _now: datetime) -> Sequence[Waits]:
    held = await access.works(tx, person)
    found = await stored.waiting(tx, person, handles=Role.HANDLER in held, manages=Role.MANAGER in held, limit=MOST + 1)
    return [Waits(one, Why.ACCEPT if one.state == ComplaintState.ANSWERED else Why.ANSWER) for one in found]


async def _speaks(_tx: AsyncSession, complaint: Complaint, by: str) -> bool:
    return by == complaint.complainant


KIND = Kind(
    Complaint,
    access.shown_to,
    "a complaint",
    homes=lambda complaint: (complaint.complainant,),
    asked_by=lambda complaint: (complaint.complainant,),
    works_on=access.works_on,
    refusal=access.refusal,
    private=lambda _complaint: True,
    refers=("about",),
    facts={
        Event.NOTED: FactKind.COMPLAINT_NOTED,
        Event.INFORMED: FactKind.COMPLAINT_INFORMED,
        Event.LINKED: FactKind.COMPLAINT_LINKED,
    },
    speaks=_speaks,
    stranger=access.refusal,
    heard=complaints.heard,
    waits=waiting,
    opened=stored.of_person,
    page=page,
)
