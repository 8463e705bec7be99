"""When something comes again: the part of RFC 5545's RRULE that suits days, in a zone's wall-clock time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

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
    for year in range(max(frm.year, first.year), to.year + 1):
        for start in _in_year(text, first, zone, year):
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
        later = _cycles(first.year)
        found = [one - later * _CYCLE for one in islice(_rule(text, first, zone, later), _COMPARED)]
    except (ValueError, TypeError, OverflowError, KeyError, IndexError) as fault:
        raise BadRule(f"{_quoted(text)} is not a rule that makes sense. {EXAMPLE}") from fault
    if not found or found[0] != first:
        when = f"the first one would be on {found[0]:%A, %Y-%m-%d}" if found else "no day ever fits it"
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


@lru_cache(maxsize=2048)
def _in_year(text: str, first: datetime, zone: ZoneInfo, year: int) -> Sequence[datetime]:
    begin, end = datetime.combine(date(year, 1, 1), time.min), datetime.combine(date(year, 12, 31), time.max)
    later = _cycles(year)
    found = _rule_from(text, first, zone, year, later).between(begin + later * _CYCLE, end + later * _CYCLE, inc=True)
    return tuple(one - later * _CYCLE for one in found)


def _rule_from(text: str, first: datetime, zone: ZoneInfo, year: int, later: int) -> "rrule":
    """The same from this year on, walked from the last of its periods that begins before the year does.

    Which day of a month or year is meant, where the rule says none, is that of the first start. A rule with a COUNT is
    walked from its start, from which it counts.
    """
    rule, parts = _rule(text, first, zone, later), _parts(text)
    begin, every = datetime.combine(date(year, 1, 1), first.time()), int(parts.get("INTERVAL", "1"))
    if begin <= first or "COUNT" in parts:
        return rule
    if parts["FREQ"] in _DAYS:
        period = timedelta(days=every * _DAYS[parts["FREQ"]])
        return rule.replace(dtstart=first + (begin - first) // period * period + later * _CYCLE)
    yearly = parts["FREQ"] == "YEARLY"
    months, counted_from = (12 * every, 12 * first.year) if yearly else (every, 12 * first.year + first.month - 1)
    last = counted_from + (12 * year - counted_from) // months * months
    meant: dict[str, Any] = {}
    if _DAY_PARTS.isdisjoint(parts):
        meant = {"bymonthday": first.day} | ({"bymonth": first.month} if yearly and "BYMONTH" not in parts else {})
    return rule.replace(dtstart=begin.replace(year=last // 12, month=last % 12 + 1) + later * _CYCLE, **meant)


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
