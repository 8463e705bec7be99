"""When a document is looked through, when people are reminded of that, and of what they have to read."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.document.policy import Documents

DUE = "document_due"
"""The kind of the timers that remind of a review."""
EFFECT = "document_effect"
"""Of those that put an approved version in force."""
UNREAD = "document_unread"
"""Of those that remind people of what they have not read."""
RINGS_AT = time(9, 0)


def review_day(rules: Documents, since: date) -> date:
    return since + rules.review_every


def at(day: date, zone: ZoneInfo, clock: time = RINGS_AT) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def reminders(rules: Documents, due_on: date, zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """By occurrence: before the day, on it, and the next while it is late. All are to come."""
    found = {f"{due_on}-{span.days}": at(due_on - span, zone) for span in rules.remind_before}
    found[f"{due_on}-due"] = at(due_on, zone)
    late = due_on
    while at(late, zone) <= now:
        late += max(rules.remind_late, timedelta(days=1))
    if late != due_on:
        found[f"{due_on}+{late}"] = at(late, zone)
    return {name: when for name, when in found.items() if when > now}
