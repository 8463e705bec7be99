"""What who leads sees first: which figures of today and of this week, and which lists need a decision."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.record.refs import Noun
from bot.rules.report.periods import Every, Period, midnight, so_far

KIND = "dashboard"
"""Subject and kind of the timers that count it."""
FRESH = timedelta(minutes=15)
"""How old it may be before who looks has it counted anew."""
TODAY = ("incidents-opened", "incidents-ended", "requests-asked", "requests-ended")
WEEK = (
    "incidents-opened",
    "time-to-acknowledge",
    "time-to-restore",
    "response-kept",
    "resolution-kept",
    "requests-in-time",
    "change-success",
    "satisfaction",
)
DECISIONS: tuple[tuple[Noun, str, str], ...] = (
    (Noun.INCIDENT, "late", "incidents are past what was promised"),
    (Noun.REQUEST, "late", "requests are past what was promised"),
    (Noun.CHANGE, "authorise", "changes wait for approval"),
    (Noun.CHANGE, "held", "changes are held by a freeze"),
    (Noun.CHANGE, "missed", "changes have missed their window"),
    (Noun.PROBLEM, "unassigned", "problems have no owner"),
    (Noun.COMPLAINT, "escalated", "complaints are escalated"),
    (Noun.ACTION, "late", "actions are late"),
    (Noun.REVIEW, "late", "reviews are late"),
    (Noun.FINDING, "late", "findings are late"),
)
"""Lists as `/incident list …` has them, and what is said of how many are on one."""


class Trend(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


def trend(value: float | None, before: float | None, better: str) -> Trend:
    """“better” of a measure says which way is; without one, and where something is not known, nothing is better."""
    if value is None or before is None or not better or value == before:
        return Trend.SAME
    return Trend.BETTER if (value > before) == (better == "higher") else Trend.WORSE


def occurrence(now: datetime) -> str:
    """Of the timer that counts it: one in so long, however many look."""
    return (now - (now - now.min.replace(tzinfo=now.tzinfo)) % FRESH).isoformat()


def today(now: datetime, zone: ZoneInfo) -> tuple[Period, Period]:
    """Today so far, and as much of yesterday."""
    day: date = now.astimezone(zone).date()
    start, earlier = midnight(day, zone), midnight(day - timedelta(days=1), zone)
    return Period(start, now), Period(earlier, min(earlier + (now - start), start))


def this_week(now: datetime, zone: ZoneInfo) -> tuple[Period, Period]:
    """This week so far, and as much of the last."""
    return so_far(Every.WEEK, now, zone)
