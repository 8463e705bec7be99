"""Wall-clock time: hours as people write them, and the instants at which a zone's clocks show them."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.rules.record.refusals import SkippedTime
from bot.rules.record.text import day_said

Shift: TypeAlias = tuple[int, int]
"""Minutes since midnight of the date it starts on; a night shift ends past 1440."""

MIDNIGHT = 24 * 60
_HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)


class ImpossibleHours(ValueError):
    """No calendar can be made of this. The message names the fault, for whoever writes the policy."""


_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory", "posix", "right"})
"""Names that zoneinfo finds on some machines, and that mean something else on each, or count leap seconds."""


def zone_of(key: str) -> ZoneInfo:
    """The IANA zone of this name. Raises ImpossibleHours."""
    if key.partition("/")[0] in _OF_THE_MACHINE:
        raise ImpossibleHours(f"“{key}” is not a time zone but what a machine is set to; they look like Europe/London")
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError) as fault:  # unknown; not a name; a folder such as "Europe"
        raise ImpossibleHours(f"“{key}” is not a time zone; they are named like Europe/London") from fault


def shifts_of(hours: Iterable[str], where: str) -> tuple[Shift, ...]:
    """Shifts as written, "HH:MM-HH:MM". `where` names the day to whoever reads ImpossibleHours."""
    if isinstance(hours, str):
        raise ImpossibleHours(f"{where}: hours are a list, like [“09:00-12:00”, “13:00-17:00”]")
    return tuple(_shift(text, where) for text in hours)


def _shift(text: str, where: str) -> Shift:
    written = _HOURS.fullmatch(text)
    if written is None:
        raise ImpossibleHours(f"{where}: “{text}” is not hours; write them like 09:00-17:00")
    from_hour, from_minute, to_hour, to_minute = map(int, written.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if begin >= MIDNIGHT or end > MIDNIGHT:
        raise ImpossibleHours(f"{where}: “{text}” is not on the clock; it runs from 00:00 to 24:00")
    if begin == end:
        raise ImpossibleHours(f"{where}: “{text}” is empty; a whole day is 00:00-24:00")
    return begin, end if end > begin else end + MIDNIGHT


def showings(zone: ZoneInfo, day: date, minutes: int) -> tuple[int, int, int]:
    """When clocks show this time, `minutes` after midnight of `day`: first, the change, last (seconds since 1970).

    On most days all three are one. Of a time that is skipped all three are the change; of one that is shown twice they
    are its first showing, the instant the clocks go back, and its last.
    """
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
    first, last = int(wall.timestamp()), int(wall.replace(fold=1).timestamp())
    if first == last:
        return first, first, first
    # Of a skipped time zoneinfo reads fold=0 with the old offset, after the change, and fold=1 with the new, before it.
    change = _change(zone, min(first, last), max(first, last))
    return (first, change, last) if first < last else (change, change, change)


def next_shown(zone: ZoneInfo, wall: datetime) -> datetime | None:
    """Of a time that the zone's clocks skip the next that they show; None for one that they show."""
    shown = datetime.fromtimestamp(showings(zone, wall.date(), wall.hour * 60 + wall.minute)[0], zone)
    return None if (shown.hour, shown.minute) == (wall.hour, wall.minute) else shown


def typed_time(zone: ZoneInfo, day: date, at: time) -> datetime:
    """The first instant at which clocks show this, as somebody typed it. Raises SkippedTime."""
    wall = datetime.combine(day, at, zone)
    if shown := next_shown(zone, wall):
        raise SkippedTime(at=f"{wall:%H:%M} on {day_said(day)}", zone=zone.key, shown=f"{shown:%H:%M}")
    return wall.astimezone(UTC)


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second after `low` that has the offset from UTC of `high`."""

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, zone).utcoffset()

    after = offset(high)
    return low + bisect_left(range(low, high), True, key=lambda second: offset(second) == after)


def date_spans(zone: ZoneInfo, day: date) -> list[tuple[int, int]]:
    """The seconds since 1970 at which clocks show this date, half-open.

    None of a date that is skipped; with a hole in it if clocks go back over its midnight (St John's, 1987 to 2011).
    """
    first, begin_change, begin = showings(zone, day, 0)
    end, end_change, last = showings(zone, day, MIDNIGHT)
    pieces = [(first, begin_change), (begin, end), (end_change, last)]
    return [(a, b) for a, b in pieces if a < b]
