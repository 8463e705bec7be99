"""When the review of an entry is reminded of: on its day, and each week while it is late."""

from datetime import UTC, date, datetime, time, timedelta

DUE = "register_due"
"""The kind of the timers that remind."""
_RINGS_AT = time(9, 0)
_WEEK = timedelta(weeks=1)


def reminder(review_on: date, now: datetime) -> dict[str, datetime]:
    """By occurrence: the next that is to come."""
    day = review_on
    while datetime.combine(day, _RINGS_AT, UTC) <= now:
        day += _WEEK
    name = f"{review_on}" if day == review_on else f"{review_on}+{day}"
    return {name: datetime.combine(day, _RINGS_AT, UTC)}
