"""When something comes again: the part of RFC 5545's RRULE that suits days, in a zone's wall-clock time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice, pairwise, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.rules.record.text import day_said
from bot.rules.time.local_time import showings

if TYPE_CHECKING:
    from dateutil.rrule import rrule

LONGEST_RULE = 200
"""Characters."""
INTERVAL_MOST, COUNT_MOST = 99, 1000

_BASE = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH")
_BY_DATE = (*_BASE, "BYMONTHDAY", "BYSETPOS")
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"DAILY": _BASE, "WEEKLY": _BASE, "MONTHLY": _BY_DATE, "YEARLY": (*_BY_DATE, "BYYEARDAY", "BYWEEKNO")}
)
"""What may stand in a rule of each frequency. Nothing finer than a day: such a rule would name thousands of times."""

_DAYS = {"DAILY": 1, "WEEKLY": 7}
_DAY_PARTS = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
"""A rule with none of them means the day of its first start."""
_MONTHS = {"MONTHLY": 1, "YEARLY": 12}
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PERIODS = {"DAILY": 1500, "WEEKLY": 210, "MONTHLY": 100, "YEARLY": 41}
"""In which the first day that fits is looked for, so that nobody waits for it longer than 5 ms. The twenty-ninth of a
February is the same day of the week again within 40 years."""
_FOR_ONE = 12 * MAXYEAR
"""An interval after which no year is left: a rule with it is walked for one period."""
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_COMPARED = 100
"""Occurrences that are held against the next one."""
_CYCLE_YEARS, _CYCLE = 400, timedelta(days=146_097)
"""After as many years each date has its day of the week again, and each year its leap day."""
_YEARS_LEFT = 100
"""To be walked at the least before the last year."""


class BadRule(ValueError):
    """No recurrence can be made of this. The message names the fault, for whoever typed it."""


def starts(text: str, starts_at: datetime, zone: ZoneInfo, frm: datetime, to: datetime) -> Iterator[datetime]:
    """The wall-clock starts (without zone) from `frm` on and before `to`, which are wall-clock times too."""
    first = _wall(starts_at, zone)
    year = max(frm.year, first.year)
    while year <= to.year:
        found, year = _in_year(text, first, zone, year)
        for start in found:
            if start >= to:
                return
            if start >= frm:
                yield start


def spans(
    text: str, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, frm: datetime, to: datetime
) -> list[tuple[datetime, datetime]]:
    """The half-open occurrences that meet [frm, to), each as long by the clock on the wall as the first one.

    A start or end that the clocks skip falls on the change; of one that they show twice the start is the first showing
    and the end the last.
    """
    length = _wall(ends_at, zone) - _wall(starts_at, zone)
    day = timedelta(days=1)  # no zone's clocks are changed by more
    found = starts(text, starts_at, zone, _wall(frm, zone) - length - day, _wall(to, zone) + day)
    instants = ((_instant(one, zone, first=True), _instant(one + length, zone, first=False)) for one in found)
    return [(start, end) for start, end in instants if start < end and start < to and end > frm]


def checked(text: str, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """The rule as it is kept. Raises BadRule, also for one that does not begin with `starts_at` or overlaps itself."""
    text = text.strip().upper().removeprefix("RRULE:")
    parts = _parts(text)
    first, length = _wall(starts_at, zone), _wall(ends_at, zone) - _wall(starts_at, zone)
    try:
        fits = _first_fit(text, first, zone)
        found = list(islice(_rule(text, first, zone, _cycles(first.year)), _COMPARED)) if fits == first else []
    except (ValueError, TypeError, OverflowError, KeyError, IndexError) as fault:
        raise BadRule(f"{_quoted(text)} is not a rule that makes sense. {EXAMPLE}") from fault
    if fits != first:
        when = f"the first one would be on {day_said(fits)}" if fits else "no day of the years ahead fits it"
        raise BadRule(f"The first start must be a day that the rule names; {when}.")
    if any(later - earlier < length for earlier, later in pairwise(found)):
        raise BadRule("It would begin again before it has ended. Shorten it, or let it come less often.")
    return ";".join(f"{name}={value}" for name, value in parts.items())


EXAMPLE = "Write one like FREQ=WEEKLY;BYDAY=FR or FREQ=MONTHLY;BYMONTHDAY=1;COUNT=12."


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(text) > LONGEST_RULE or len(parts) < len(pairs) or not all(parts.values()) or "" in parts:
        raise BadRule(f"{_quoted(text)} is not a recurrence rule. {EXAMPLE}")
    if parts.get("FREQ") not in PARTS:
        raise BadRule(f"FREQ must be one of {', '.join(PARTS)}. {EXAMPLE}")
    strange = [name for name in parts if name not in PARTS[parts["FREQ"]]]
    if strange:
        raise BadRule(f"{', '.join(strange)[:60]} cannot stand in a rule of FREQ={parts['FREQ']}.")
    for name, most in (("INTERVAL", INTERVAL_MOST), ("COUNT", COUNT_MOST)):
        value = parts.get(name, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= most):
            raise BadRule(f"{name} must be a whole number from 1 to {most}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("COUNT and UNTIL cannot stand in one rule. Choose one of them.")
    if "UNTIL" in parts and not _UNTIL.fullmatch(parts["UNTIL"]):
        raise BadRule("UNTIL must be a date, as in UNTIL=20261231.")
    return parts


def _cycles(year: int) -> int:
    """How many cycles of the calendar later a rule is walked. dateutil walks a rule that no day fits to the year 9999:
    that is 8,000 years and a second of processor from now, and 400 years from the same days of the last cycle."""
    return max((MAXYEAR - _YEARS_LEFT - year) // _CYCLE_YEARS, 0)


@lru_cache(maxsize=256)
def _rule(text: str, first: datetime, zone: ZoneInfo, later: int) -> "rrule":
    """Over wall-clock times, so that the clocks' changes move nothing; so many cycles later.

    Without dateutil's cache: it is locked for ever where a rule cannot be walked, and where two walk it at once.
    """
    from dateutil.rrule import rrule, rrulestr

    until = _UNTIL.sub(lambda found: _later(_until(found, zone), later), text)
    found = rrulestr(until, dtstart=first + later * _CYCLE)
    if not isinstance(found, rrule):
        raise BadRule(f"{_quoted(text)} is more than one rule. {EXAMPLE}")
    return found


def _first_fit(text: str, first: datetime, zone: ZoneInfo) -> datetime | None:
    """The first day that a rule names from its first start on; None where the next periods have none."""
    rule, parts = _rule(text, first, zone, 0), _parts(text)
    if parts["FREQ"] in _MONTHS:
        numbers = range(_PERIODS[parts["FREQ"]])
        ahead = (_from_period(rule, parts, first, number).replace(interval=_FOR_ONE) for number in numbers)
        return next(chain.from_iterable(ahead), None)
    until = _UNTIL.sub(lambda found: _until(found, zone), parts["UNTIL"]) if "UNTIL" in parts else ""
    found = next(_fitting(parts, first), None)
    return None if found and until and found > datetime.fromisoformat(until) else found


def _fitting(parts: Mapping[str, str], first: datetime) -> Iterator[datetime]:
    """Of a rule by days or weeks, which has days of the week and months alone."""
    every, weekly = int(parts.get("INTERVAL", "1")), parts["FREQ"] == "WEEKLY"
    months = {int(one) for one in parts["BYMONTH"].split(",")} if "BYMONTH" in parts else range(1, 13)
    days = {_WEEK.index(one[-2:]) for one in parts["BYDAY"].split(",")} if "BYDAY" in parts else range(7)
    if weekly and "BYDAY" not in parts:
        days = {first.weekday()}
    begin = first - timedelta(days=(first.weekday() - _WEEK.index(parts.get("WKST", "MO"))) % 7 if weekly else 0)
    for number, day in product(range(_PERIODS[parts["FREQ"]]), range(7 if weekly else 1)):
        on = begin + timedelta(days=number * every * _DAYS[parts["FREQ"]] + day)
        if on >= first and on.month in months and on.weekday() in days:
            yield on


@lru_cache(maxsize=2048)
def _in_year(text: str, first: datetime, zone: ZoneInfo, year: int) -> tuple[Sequence[datetime], int]:
    """And the year to go on with: those between have none."""
    later = _cycles(year)
    begin, end = (
        datetime.combine(date(year, month, day), at) + later * _CYCLE
        for month, day, at in ((1, 1, time.min), (12, 31, time.max))
    )
    found = list[datetime]()
    for start in _rule_from(text, first, zone, year, later):
        if start > end:
            return tuple(found), (start - later * _CYCLE).year
        if start >= begin:
            found.append(start - later * _CYCLE)
    return tuple(found), year + _YEARS_LEFT


def _rule_from(text: str, first: datetime, zone: ZoneInfo, year: int, later: int) -> "rrule":
    """The same from this year on, walked from the last of its periods that begins before the year does.

    A rule with a COUNT is walked from its start, from which it counts.
    """
    rule, parts = _rule(text, first, zone, later), _parts(text)
    begin, every = datetime.combine(date(year, 1, 1), first.time()), int(parts.get("INTERVAL", "1"))
    if begin <= first or "COUNT" in parts:
        return rule
    if parts["FREQ"] in _DAYS:
        period = timedelta(days=every * _DAYS[parts["FREQ"]])
        return rule.replace(dtstart=first + (begin - first) // period * period + later * _CYCLE)
    number = (12 * year - _counted_from(parts, first)) // (every * _MONTHS[parts["FREQ"]])
    return _from_period(rule, parts, first, number, later)


def _from_period(rule: "rrule", parts: Mapping[str, str], first: datetime, number: int, later: int = 0) -> "rrule":
    """A rule of months or years from the period of this number on.

    Which day of a month or year is meant, where the rule says none, is that of the first start.
    """
    if number == 0:
        return rule
    month = _counted_from(parts, first) + number * int(parts.get("INTERVAL", "1")) * _MONTHS[parts["FREQ"]]
    meant: dict[str, Any] = {}
    if _DAY_PARTS.isdisjoint(parts):
        yearly = parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts
        meant = {"bymonthday": first.day} | ({"bymonth": first.month} if yearly else {})
    begin = first.replace(year=month // 12, month=month % 12 + 1, day=1)
    return rule.replace(dtstart=begin + later * _CYCLE, **meant)


def _counted_from(parts: Mapping[str, str], first: datetime) -> int:
    """The month that its periods are counted from."""
    return 12 * first.year + (first.month - 1 if parts["FREQ"] == "MONTHLY" else 0)


def _until(until: re.Match[str], zone: ZoneInfo) -> str:
    """On the wall: a date counts to its end, and what is said in UTC is what the clocks show then."""
    day, at, utc = until.groups()
    if at is None:
        return f"{day}T235959"
    if not utc:
        return f"{day}T{at}"
    shown = datetime.strptime(f"{day}{at}+0000", "%Y%m%d%H%M%S%z").astimezone(zone)
    return f"{shown:%Y%m%dT%H%M%S}"


def _later(until: str, cycles: int) -> str:
    year = int(until[:4]) + cycles * _CYCLE_YEARS
    return f"{year}{until[4:]}" if year <= MAXYEAR else f"{MAXYEAR}1231T235959"


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(wall: datetime, zone: ZoneInfo, *, first: bool) -> datetime:
    minutes = int((wall - datetime.combine(wall.date(), time())).total_seconds() // 60)
    shown = showings(zone, wall.date(), minutes)
    return datetime.fromtimestamp(shown[0 if first else 2], UTC)


def _quoted(text: str) -> str:
    return f"“{text[:60]}”"
