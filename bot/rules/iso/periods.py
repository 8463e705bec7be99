"""A period as an auditor names it: 2026-Q1, 2026-03, 2026, or two days; in UTC, so that it is the same everywhere."""

import re
from datetime import UTC, date, datetime, timedelta

from bot.rules.iso.refusals import NoSuchPeriod
from bot.rules.report.periods import Period

_NAMED = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII | re.IGNORECASE
)
_MONTHS = 12
_QUARTER = 3


def named(typed: str) -> Period:
    """The last day belongs to it. Raises NoSuchPeriod."""
    text = typed.strip()
    try:
        first, last = _days(text)
        return Period(_midnight(first), _midnight(last))
    except (ValueError, OverflowError):
        raise NoSuchPeriod(typed=text) from None


def _days(text: str) -> tuple[date, date]:
    """The first day, and the first after it."""
    begin, dots, end = text.partition("..")
    if dots:
        first, last = date.fromisoformat(begin), date.fromisoformat(end) + timedelta(days=1)
        if last <= first:
            raise ValueError(text)
        return first, last
    found = _NAMED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, months = int(found["year"]), _MONTHS
    month = 1
    if found["quarter"]:
        month, months = (int(found["quarter"]) - 1) * _QUARTER + 1, _QUARTER
    elif found["month"]:
        month, months = int(found["month"]), 1
    after = year * _MONTHS + month - 1 + months
    return date(year, month, 1), date(after // _MONTHS, after % _MONTHS + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def spoken(typed: str) -> str:
    """“November 2026”, “quarter 4 of 2026”; a year, and days, as they were typed."""
    found = _NAMED.fullmatch(typed.strip())
    if found is None or not (found["quarter"] or found["month"]):
        return typed.strip()
    if found["quarter"]:
        return f"quarter {found['quarter']} of {found['year']}"
    return f"{date(int(found['year']), int(found['month']), 1):%B %Y}"


def shown(period: Period) -> str:
    """“2026-01-01 to 2026-03-31 (UTC)”."""
    last = period.end - timedelta(microseconds=1)
    return f"{period.start:%Y-%m-%d} to {last:%Y-%m-%d} (UTC)"
