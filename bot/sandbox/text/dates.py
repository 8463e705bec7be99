"""Dates as a reader's client shows `<!date^…>` (Slack: “Formatting text for app surfaces”, Date formatting)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

TOKEN = re.compile(r"\{(\w+)\}")
UNITS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3600), ("minute", 60))


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _date(at: datetime) -> str:
    return f"{at:%B} {_ordinal(at.day)}, {at.year}"


def _short(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at.year}"


def _long(at: datetime) -> str:
    return f"{at:%A}, {_date(at)}"


def _time(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M %p}"


def _time_secs(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M:%S %p}"


PLAIN: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda at: f"{at:%Y-%m-%d}",
    "date_slash": lambda at: f"{at:%m/%d/%Y}",
    "date": _date,
    "date_short": _short,
    "date_long": _long,
    "time": _time,
    "time_secs": _time_secs,
}
PRETTY = {"date_pretty": _date, "date_short_pretty": _short, "date_long_pretty": _long}


def _pretty(at: datetime, now: datetime, otherwise: Callable[[datetime], str]) -> str:
    names = {timedelta(0): "today", timedelta(days=1): "tomorrow", timedelta(days=-1): "yesterday"}
    return names.get(at.date() - now.date()) or otherwise(at)


def ago(at: datetime, now: datetime) -> str:
    """How long since (or until) `at`, in its largest whole unit."""
    seconds = (now - at).total_seconds()
    unit, size = next(((u, s) for u, s in UNITS if abs(seconds) >= s), ("second", 1))
    count = int(abs(seconds) // size)
    span = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{span} ago" if seconds >= 0 else f"in {span}"


def show(pattern: str, at: datetime, now: datetime) -> str:
    """A date pattern filled in; both moments must already stand in the reader's zone."""

    def fill(token: re.Match[str]) -> str:
        name = token[1]
        if name in PLAIN:
            return PLAIN[name](at)
        if name in PRETTY:
            return _pretty(at, now, PRETTY[name])
        return ago(at, now) if name == "ago" else token[0]

    return TOKEN.sub(fill, pattern)
