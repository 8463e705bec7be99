"""The alarms that close a resolved incident when nobody says a word."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.incident_eyes import ref_of
from bot.desk.policy import in_force
from bot.rules.business_hours import Calendar
from bot.rules.incident_closing import ALARM, CLOSE, REMIND, closing
from bot.rules.policy import Policy
from storage import alarms
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
        await alarms.schedule(tx, str(ref_of(incident)), ALARM, f"{occurrence}:{incident.revision}", at)
