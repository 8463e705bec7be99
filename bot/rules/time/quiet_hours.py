"""When a person is told of what can wait: in their own zone, in the day and on a weekday."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEGINS, DAY_ENDS = time(8), time(18)
SATURDAY = 5


def told_at(at: datetime, zone: ZoneInfo) -> datetime:
    """This instant, or the beginning of the next day on which it may be said (UTC-aware, in the zone of `at`)."""
    local = at.astimezone(zone)
    if local.weekday() < SATURDAY and DAY_BEGINS <= local.time() < DAY_ENDS:
        return at
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS, zone).astimezone(at.tzinfo)
