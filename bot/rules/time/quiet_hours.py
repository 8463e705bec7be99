"""When a person is told of what can wait: in their own zone, in the day and on a weekday."""

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.time.local_time import Shift, shifts_of, showings

DAY_BEGINS, DAY_ENDS = time(8), time(18)
SATURDAY = 5


def told_at(at: datetime, zone: ZoneInfo) -> datetime:
    """This instant, or the beginning of the next day on which it may be said (UTC-aware, in the zone of `at`)."""
    local = at.astimezone(zone)
    if local.weekday() < SATURDAY and DAY_BEGINS <= local.time() < DAY_ENDS:
        return at
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS, zone).astimezone(at.tzinfo)


def awake_at(at: datetime, zone: ZoneInfo, quiet: Collection[str]) -> datetime:
    """This instant, or the end of the quiet hours (“22:00-07:00”) that it falls into, by the clocks of `zone`."""
    spans = shifts_of(quiet, "quiet")
    for _ in spans:  # one may begin as another ends
        ends = [end for begin, end in _around(at, zone, spans) if begin <= at < end]
        if not ends:
            break
        at = max(ends)
    return at


def _around(at: datetime, zone: ZoneInfo, spans: Collection[Shift]) -> Iterator[tuple[datetime, datetime]]:
    """The quiet hours that began on this date or the one before."""
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        for begins, ends in spans:
            since, until = showings(zone, day, begins)[0], showings(zone, day, ends)[0]
            yield datetime.fromtimestamp(since, at.tzinfo), datetime.fromtimestamp(until, at.tzinfo)
