"""Days as people name them: “Friday”, “tomorrow 14:00”, “27 Nov”, “in 3 weeks”, “2026-11-27”."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.rules.record.years import LAST_YEAR, day_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER, _YEAR = r"[0-9]{1,2}(?:st|nd|rd|th)?", r"[0-9]{4}(?![0-9])"
_OF_A_MONTH = rf"(?:{_NUMBER}\s+{_MONTH}\b(?:\s+{_YEAR})?|{_MONTH}\s+{_NUMBER}\b(?!:)(?:,?\s+{_YEAR})?)"
_AHEAD = r"in\s+[0-9]{1,3}\s+(?:day|week|month)s?\b"
PHRASE = rf"(?:{_AHEAD}|{_OF_A_MONTH})"
"""Days in several words."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHAPE = re.compile(
    rf"(?:(?:to|until|on)\s+)?(?:next\s+)?(?P<day>{_AHEAD}|{_OF_A_MONTH}|[a-z]+|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
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


def within(text: str, today: date) -> tuple[str, date | None, str]:
    """The first day in several words that stands in a text, the day it is, if it is one, and the text without it."""
    found = re.search(rf"(?<!\S){PHRASE}(?!\S)", text, re.IGNORECASE | re.ASCII)
    if found is None:
        return "", None, text
    return found[0], _day(found[0].lower(), today), f"{text[: found.start()]} {text[found.end() :]}"


def impossible(text: str, today: date) -> str:
    """What is written like a day, or a day and a time, at the beginning of a text, and is none: “2026-02-30”, “friday
    25:00”, “in 999 months” where that is beyond the years of `years`. Empty where nothing is."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape and _day(shape["day"].lower(), today) and not _is_time(shape["time"]):
        return f"{shape['day']} {shape['time']}"
    if shape and re.fullmatch(f"{_OF_A_MONTH}|{_AHEAD}", shape["day"], re.IGNORECASE | re.ASCII):
        return "" if _day(shape["day"].lower(), today) else shape["day"]
    found = _DATED.match(text.strip())
    return found[1] if found and _day(found[1], date.min) is None else ""


def _day(word: str, today: date) -> date | None:
    """Within the years that are computed, however it is said."""
    found = _said(word, today)
    return found if found and found.year <= LAST_YEAR else None


def _said(word: str, today: date) -> date | None:
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    full = [name for name in _WEEKDAYS if len(word) >= 3 and name.startswith(word)]
    if full:
        return today + timedelta(days=(_WEEKDAYS.index(full[0]) - today.weekday() - 1) % 7 + 1)
    if re.fullmatch(_AHEAD, word):
        _, count, unit = word.split()
        return _ahead(today, int(count), unit)
    if re.fullmatch(_OF_A_MONTH, word):
        return _of_a_month(word, today)
    try:
        return day_of(word)
    except ValueError:
        return None


def _ahead(today: date, count: int, unit: str) -> date:
    """In months it is the same day of the month, or the last of a month that has no such day."""
    if not unit.startswith("month"):
        return today + timedelta(days=count * (7 if unit.startswith("week") else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _of_a_month(word: str, today: date) -> date | None:
    """Without a year, the one within twelve months from today; None where there is none, as of 29 February."""
    month = next(number for number, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", word))
    day, *year = map(int, re.findall(r"[0-9]+", word))
    for wanted in year or (today.year, today.year + 1):
        try:
            found = day_of(f"{wanted:04}-{month:02}-{day:02}")
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _is_time(text: str | None) -> bool:
    """Whether it is a time, or none was said."""
    hour, _, minute = (text or "0:00").partition(":")
    return int(hour) < 24 and int(minute) < 60


def _time(text: str | None) -> time | None:
    hour, _, minute = (text or "").partition(":")
    return time(int(hour), int(minute)) if text else None
