"""Days as people name them: “Friday”, “tomorrow 14:00”, “2026-11-27”."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.rules.record.years import day_of

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHAPE = re.compile(
    r"(?:(?:to|until|on)\s+)?(?:next\s+)?(?P<day>[a-z]+|[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:\s+(?:at\s+)?(?P<time>[0-9]{1,2}:[0-9]{2}))?(?:[\s,.:;]+(?P<words>.*))?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)

_DATED = re.compile(
    r"(?:(?:to|until|on)\s+)?([0-9]{1,6}[-/.][0-9]{1,2}[-/.][0-9]{1,4})(?!\S*[^\W\d_])", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Named:
    """A day, the time of it where one was said, and the words behind."""

    day: date
    at: time | None
    words: str


def named(text: str, today: date) -> Named | None:
    """The day that a text begins with; a weekday is the next one after today. None where it begins with none."""
    found = _SHAPE.fullmatch(text.strip())
    day = _day(found["day"].lower(), today) if found else None
    if found is None or day is None or not _is_time(found["time"]):
        return None
    return Named(day, _time(found["time"]), (found["words"] or "").strip())


def impossible(text: str) -> str:
    """What is written like a day, or a day and a time, at the beginning of a text, and is none: “2026-02-30”, “friday
    25:00”. Empty where nothing is."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape and _day(shape["day"].lower(), date(2000, 1, 1)) and not _is_time(shape["time"]):
        return f"{shape['day']} {shape['time']}"
    found = _DATED.match(text.strip())
    return found[1] if found and _day(found[1], date.min) is None else ""


def _day(word: str, today: date) -> date | None:
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    full = [name for name in _WEEKDAYS if len(word) >= 3 and name.startswith(word)]
    if full:
        return today + timedelta(days=(_WEEKDAYS.index(full[0]) - today.weekday() - 1) % 7 + 1)
    try:
        return day_of(word)
    except ValueError:
        return None


def _is_time(text: str | None) -> bool:
    """Whether it is a time, or none was said."""
    hour, _, minute = (text or "0:00").partition(":")
    return int(hour) < 24 and int(minute) < 60


def _time(text: str | None) -> time | None:
    hour, _, minute = (text or "").partition(":")
    return time(int(hour), int(minute)) if text else None
