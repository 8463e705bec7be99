"""Whether something that has ended is to be reviewed, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.rules.incident.auto_close import business_days_after, is_open
from bot.rules.incident.priority import Priority
from bot.rules.review.policy import Reviews
from bot.rules.time.business_hours import Calendar

WEEK = Calendar.of("UTC", {day: ["00:00-24:00"] for day in range(5)})
"""Business days where the policy names no calendar for them: Monday to Friday."""
TIMER = "review_due"
"""The kind of the timers that remind."""
RINGS_AT = time(9, 0)
_LONGEST = 366
"""Days looked back for a business day."""


@dataclass(frozen=True)
class Ended:
    """An incident that was resolved, or a change that was finished."""

    priority: Priority | None = None
    major: bool = False
    breached: bool = False
    failed: bool = False
    private: bool = False


def reasons(ended: Ended, rules: Reviews) -> list[str]:
    """Why a review is asked for; empty where none is."""
    if ended.private and not rules.private:
        return []
    said = {
        f"it was {ended.priority}": ended.priority is not None and ended.priority in rules.priorities,
        "it was a major incident": ended.major and rules.major,
        "a promise was broken": ended.breached and rules.breach,
        "the change failed": ended.failed and rules.failed_change,
    }
    return [why for why, holds in said.items() if holds]


def calendar_of(rules: Reviews, calendars: Mapping[str, Calendar]) -> Calendar:
    return calendars.get(rules.calendar or "", WEEK)


def due(rules: Reviews, calendar: Calendar, ended_at: datetime) -> date:
    """The day by which it is published, by the calendar's clocks."""
    return business_days_after(calendar, ended_at, rules.due).astimezone(calendar.zone).date()


def reminders(rules: Reviews, calendar: Calendar, due_on: date, now: datetime) -> dict[str, datetime]:
    """By occurrence: so long before the day, on it, and the next while it is late. All are to come."""
    due_at = datetime.combine(due_on, RINGS_AT, calendar.zone).astimezone(UTC)
    found = {f"{due_on}-before": _before(calendar, due_at, rules.remind_before), f"{due_on}-due": due_at}
    late = due_at
    while late <= now:
        late = business_days_after(calendar, late, rules.remind_late)
    if late != due_at:
        found[f"{due_on}+{late.astimezone(calendar.zone).date()}"] = late
    return {name: at for name, at in found.items() if at > now}


def _before(calendar: Calendar, at: datetime, days: int) -> datetime:
    """The same wall time, so many dates with open hours earlier."""
    local = at.astimezone(calendar.zone)
    day, left = local.date(), days
    for _ in range(_LONGEST):
        day -= timedelta(days=1)
        left -= is_open(calendar, day)
        if left == 0:
            break
    return datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)
