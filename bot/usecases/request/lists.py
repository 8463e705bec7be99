"""Lists of requests, and what of them waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.waiting import Waits
from bot.rules.request.list_filter import read
from bot.usecases.approval import delegation
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from storage.request import requests
from storage.request.requests import Asker
from storage.tables import ServiceRequest
from storage.workspace import people as directory


class Why(StrEnum):
    VOTE = auto()
    ASSIGNED = auto()
    CONFIRM = auto()
    ANSWER = auto()


async def page(tx: AsyncSession, asked: Asked) -> Page[ServiceRequest]:
    """Raises BadRequestList."""
    wanted = read(asked.typed, (await in_force(tx)).policy.requests)
    who = Asker(asked.by, await directory.groups_of(tx, asked.by), asked.now)
    total = await requests.count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    shown = await requests.page(tx, wanted, who, asked.size, number * asked.size)
    return Page(shown, total, number, await requests.left_out(tx, wanted))


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    """Votes, what somebody has to fulfil, what waits for their answer, and what was fulfilled for them."""
    votes = [
        Waits(one, Why.VOTE, more=owner)
        for one, owner in await delegation.records_waiting(tx, ServiceRequest, person, now)
    ]
    given = await requests.assigned_to(tx, person)
    every = await requests.tasks_of(tx, [one.number for one in given])
    assigned = [Waits(one, Why.ASSIGNED, one.due_at, every.get(one.number, ())) for one in given]
    answers = [Waits(one, Why.ANSWER) for one in await requests.to_answer(tx, person)]
    return [*votes, *assigned, *answers, *(Waits(one, Why.CONFIRM) for one in await requests.to_confirm(tx, person))]
