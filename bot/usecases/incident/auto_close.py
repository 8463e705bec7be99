"""The timers that close a resolved incident when nobody objects."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.auto_close import CLOSE, REMIND, TIMER, closing
from bot.rules.policy.policy import Policy
from bot.rules.time.business_hours import Calendar
from bot.usecases.incident.visibility import ref_of
from bot.usecases.policy import in_force
from storage import timers
from storage.tables import Incident

WEEK = Calendar.of("UTC", {day: ["00:00-24:00"] for day in range(5)})
"""Business days where the policy names no calendar for them: Monday to Friday."""


def business_days(policy: Policy) -> Calendar:
    key = policy.incidents.calendar
    return policy.calendars[key].calendar if key else WEEK


async def schedule(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """The reminder and the end that silence brings, counted from the resolution."""
    policy = (await in_force(tx)).policy
    rules = policy.incidents
    ends = closing(business_days(policy), now, rules.remind_after, rules.close_after)
    for occurrence, at in ((REMIND, ends.remind_at), (CLOSE, ends.close_at)):
        await timers.schedule(tx, str(ref_of(incident)), TIMER, f"{occurrence}:{incident.revision}", at)
