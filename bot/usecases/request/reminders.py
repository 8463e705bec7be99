"""A promise that was not kept is told once to whoever has the request: when it is broken, and not before."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.request import notices
from bot.rules.request.flow import TO_FULFIL
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request.access import find
from storage import timers
from storage.delivery import outbox
from storage.tables import ServiceRequest, Timer

TIMER = "request_due"


async def follow(tx: AsyncSession, request: ServiceRequest, now: datetime) -> None:
    """Sets the timer for what is promised now, and silences any other."""
    await timers.silence(tx, str(request.ref), [TIMER], now)
    if request.state in TO_FULFIL and request.due_at is not None and request.due_at > now:
        await timers.schedule(tx, str(request.ref), TIMER, request.due_at.isoformat(), request.due_at)


async def _late(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    request = await find(tx, of_subject(timer.subject))
    if request.state not in TO_FULFIL or request.due_at is None or request.due_at > now:
        return
    hear = await owners.reminded(tx, request.assignee, request.owner_group, late=False)
    data: dict[str, Datum] = {"due_at": request.due_at.isoformat(), "told": hear}
    await record(tx, request, FactKind.REQUEST_LATE, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.news(timer.subject, FactKind.REQUEST_LATE, now, hear), now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {TIMER: _late}
