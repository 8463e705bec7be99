"""When the review of an entry, and the time in its stage, are reminded of: once, and each week while it is late."""

from datetime import UTC, date, datetime, time, timedelta

DUE = "register_due"
"""The kind of the timers that remind."""
STAGE = "register_stage"
"""Of those that remind of a stage which it should have left."""
_RINGS_AT = time(9, 0)
_WEEK = timedelta(weeks=1)


def reminder(review_on: date, now: datetime) -> dict[str, datetime]:
    """By occurrence: the next that is to come."""
    day = review_on
    while datetime.combine(day, _RINGS_AT, UTC) <= now:
        day += _WEEK
    name = f"{review_on}" if day == review_on else f"{review_on}+{day}"
    return {name: datetime.combine(day, _RINGS_AT, UTC)}


def leaving(stage: str, leave_by: datetime, now: datetime) -> dict[str, datetime]:
    """By occurrence: the next that is to come."""
    at = leave_by
    while at <= now:
        at += _WEEK
    return {f"{stage}@{leave_by.isoformat()}+{at.date()}": at}
