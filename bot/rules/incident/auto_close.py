"""When silence closes what is resolved: counted in business days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.rules.time.business_hours import Calendar
from bot.rules.time.open_time import instant

TIMER = "closing"
"""The kind of the timers that close a resolved incident."""
REMIND, CLOSE = "remind", "close"

_LONGEST = 366
"""Days looked ahead for a business day; a calendar that has none in a year has none."""


@dataclass(frozen=True)
class Closing:
    remind_at: datetime
    close_at: datetime


def closing(calendar: Calendar, resolved_at: datetime, remind_after: int, close_after: int) -> Closing:
    """The reminder and the end, so many business days after the resolution, at the same time of day."""
    return Closing(
        business_days_after(calendar, resolved_at, remind_after),
        business_days_after(calendar, resolved_at, close_after),
    )


def business_days_after(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The same wall time in the calendar's zone, `days` dates on that have open hours later (UTC)."""
    local = start.astimezone(calendar.zone)
    day, left = local.date(), days
    for _ in range(_LONGEST):
        day += timedelta(days=1)
        left -= is_open(calendar, day)
        if left == 0:
            break
    return datetime.combine(day, local.time(), calendar.zone).astimezone(start.tzinfo)


def is_open(calendar: Calendar, day: date) -> bool:
    """Whether anybody works on that date."""
    begin = datetime.combine(day, time(), calendar.zone)
    end = datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    return calendar.timeline.working(instant(begin), instant(end)) > 0
