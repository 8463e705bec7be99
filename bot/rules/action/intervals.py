"""Actions that repeat: a planned interval is a rule (RRULE) over days, counted from the first day that it was due."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.time import recurrence
from bot.rules.time.recurrence import BadRule

_UTC = ZoneInfo("UTC")
_AHEAD = timedelta(days=366 * 100)
_SHORTEST_MONTH = 28


class Repeat(StrEnum):
    NEVER = "never"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def label(self) -> str:
        return {Repeat.NEVER: "No, once", Repeat.QUARTERLY: "Each quarter"}.get(self, f"Each {self[:-2]}")


def rule_of(repeat: Repeat, first: date) -> str:
    """The rule that a menu's word means; empty for never. What a month is too short for falls on its last day."""
    if repeat is Repeat.NEVER:
        return ""
    if repeat in (Repeat.WEEKLY, Repeat.YEARLY):
        return f"FREQ={repeat.upper()}"
    freq = "FREQ=MONTHLY" + (";INTERVAL=3" if repeat is Repeat.QUARTERLY else "")
    if first.day <= _SHORTEST_MONTH:
        return freq
    days = ",".join(str(day) for day in range(_SHORTEST_MONTH, first.day + 1))
    return f"{freq};BYMONTHDAY={days};BYSETPOS=-1"


def checked(text: str, first: date) -> str:
    """The rule as it is kept. Raises BadRule, also for one that never comes again."""
    start = _at(first)
    rule = recurrence.checked(text, start, start + timedelta(days=1), _UTC)
    if following(rule, first, first) is None:
        raise BadRule("It would happen once only. Leave the rule out, or let it come again.")
    return rule


def following(rule: str, first: date, after: date) -> date | None:
    """The day that is due after another one; None where the rule has come to its end."""
    frm = _at(after + timedelta(days=1))
    found = recurrence.starts(rule, _at(first), _UTC, frm.replace(tzinfo=None), (frm + _AHEAD).replace(tzinfo=None))
    start = next(iter(found), None)
    return start.date() if start else None


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
