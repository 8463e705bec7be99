"""Until when a request is promised: in the hours of its calendar, and as the policy has the clock stand still."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.request.flow import RequestState
from bot.rules.time import business_hours
from bot.rules.time.business_hours import Calendar
from bot.rules.time.policy import ALWAYS
from bot.usecases.policy import in_force
from storage.tables import ServiceRequest

SECOND = timedelta(seconds=1)


async def due(tx: AsyncSession, request: ServiceRequest, begins: datetime) -> datetime:
    """When what is promised has passed, from this instant on."""
    return business_hours.due(await _hours(tx, request), begins, timedelta(seconds=request.promise))


async def paused(tx: AsyncSession, request: ServiceRequest, on: PendingOn, now: datetime) -> dict[str, Any]:
    """The columns of one that is pending from now on. A promise that is broken stays broken."""
    found: dict[str, Any] = {"pending_on": on}
    if on not in (await in_force(tx)).policy.sla.pauses_on or request.due_at is None or request.due_at <= now:
        return found
    left = business_hours.elapsed(await _hours(tx, request), now, request.due_at) // SECOND
    return {**found, "seconds_left": left, "due_at": None}


async def resumed(tx: AsyncSession, request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """The columns of one that may be pending and is not from now on."""
    if request.state != RequestState.PENDING:
        return {}
    found: dict[str, Any] = {"pending_on": None, "seconds_left": None}
    if request.seconds_left is None:
        return found
    left = timedelta(seconds=request.seconds_left)
    return {**found, "due_at": business_hours.due(await _hours(tx, request), now, left)}


async def _hours(tx: AsyncSession, request: ServiceRequest) -> Calendar:
    """Of a calendar that the policy has no more, every hour."""
    calendars = (await in_force(tx)).policy.calendars
    return calendars[request.calendar if request.calendar in calendars else ALWAYS].calendar
