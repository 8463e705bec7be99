"""What an entry of a register declares to the record engine; its lists, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import Waits
from bot.rules.register.list_filter import read
from bot.usecases import people
from bot.usecases.approval import delegation
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from bot.usecases.register import access, entries
from storage.register import entries as stored
from storage.tables import RegisterEntry


class Why(StrEnum):
    VOTE = auto()
    REVIEW = auto()


async def page(tx: AsyncSession, asked: Asked) -> Page[RegisterEntry]:
    """Raises BadEntryList."""
    wanted = read(asked.typed, list((await in_force(tx)).policy.registers))
    today = (await people.today(tx, asked.by, asked.now)).isoformat()
    total = await stored.count(tx, wanted, asked.by, today)
    number = clamped(asked.page, asked.size, total)
    return Page(await stored.page(tx, wanted, asked.by, today, asked.size, number * asked.size), total, number)


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    """Votes on where entries are moved, and entries whose review has come: App Home has a row for each."""
    votes = [
        Waits(one, Why.VOTE, more=owner)
        for one, owner in await delegation.records_waiting(tx, RegisterEntry, person, now)
    ]
    late = await stored.late(tx, person, (await people.today(tx, person, now)).isoformat())
    return [*votes, *(Waits(one, Why.REVIEW) for one in late)]


KIND = Kind(
    RegisterEntry,
    access.shown_to,
    "an entry of a register",
    homes=lambda entry: (entry.owner,),
    works_on=access.works_on,
    form="answers",
    refusal=access.refusal,
    facts={
        Event.NOTED: FactKind.REGISTER_NOTED,
        Event.LINKED: FactKind.REGISTER_LINKED,
        Event.ASSIGNED: FactKind.REGISTER_ASSIGNED,
    },
    assign=entries.assign,
    waits=waiting,
    page=page,
)
