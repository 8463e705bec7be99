"""Times of a turn as people type them: “from Friday 18:00 to Monday 9:00”, “now until 18:00”, “next week”."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.on_call.policy import instant_of, unclear
from bot.rules.on_call.refusals import ImpossibleSpan, NoSpan, UnclearTime
from bot.rules.record.typed_dates import PHRASE, named

LONGEST = timedelta(days=366)
_POINT = re.compile(
    r"(?P<now>now\b)"
    rf"|(?P<day>{PHRASE}|(?:next\s+)?[a-z]{{3,}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
    r"(?:(?:t|\s+(?:at\s+)?)(?P<time>[0-9]{1,2}:[0-9]{2})(?P<offset>z|[+-][0-9]{2}:[0-9]{2})?)?(?![0-9:])"
    r"|(?P<clock>[0-9]{1,2}:[0-9]{2})(?![0-9:])",
    re.IGNORECASE | re.ASCII,
)
_BETWEEN = re.compile(r"\s*(?:,\s*)?(?:to|until|till|-|–)\s+", re.IGNORECASE)
_FOR = re.compile(r"\s*for\s+([0-9]{1,3})\s+(hour|day|week)s?\b", re.IGNORECASE | re.ASCII)
_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


@dataclass(frozen=True)
class Typed:
    """A span, UTC, and the words behind it."""

    since: datetime
    until: datetime
    words: str


def span(text: str, zone: ZoneInfo, now: datetime) -> Typed:
    """Read by the clocks of `zone`. Raises NoSpan, UnclearTime, ImpossibleSpan."""
    typed = text.strip()
    rest = re.sub(r"^from\s+", "", typed, flags=re.IGNORECASE)
    if week := re.match(r"(this|next)\s+week\b", rest, re.IGNORECASE):
        return _checked(*_week(week[1].lower(), zone, now), rest[week.end() :], now)
    if re.match(r"(until|till)\s", rest, re.IGNORECASE):
        rest = f"now {rest}"
    since, rest = _point(rest, typed, zone, now, None)
    if lasts := _FOR.match(rest):
        until = since + int(lasts[1]) * _LENGTHS[lasts[2].lower()]
        return _checked(since, until, rest[lasts.end() :], now)
    between = _BETWEEN.match(rest)
    if between is None:
        raise NoSpan(typed=typed)
    until, words = _point(rest[between.end() :], typed, zone, now, since)
    return _checked(since, until, words, now)


def checked(since: datetime, until: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The part of a span that is to come. Raises ImpossibleSpan."""
    if until <= since:
        raise ImpossibleSpan(fault="It ends before it begins. Give a later end.")
    if until <= now:
        raise ImpossibleSpan(fault="This time has passed. Give one that is to come.")
    if until - since > LONGEST:
        raise ImpossibleSpan(fault="A year at the most. Give an earlier end.")
    return max(since, now), until


def _checked(since: datetime, until: datetime, words: str, now: datetime) -> Typed:
    return Typed(*checked(since, until, now), re.sub(r"^[\s,.:;]*(?:because\s+)?", "", words).strip())


def _week(which: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=which == "next")
    return _instant(monday, time(), zone), _instant(monday + timedelta(weeks=1), time(), zone)


def _point(text: str, typed: str, zone: ZoneInfo, now: datetime, after: datetime | None) -> tuple[datetime, str]:
    """The instant that a text begins with, and what is left of it. A time alone is of the day that it comes next."""
    found = _POINT.match(text.strip())
    if found is None:
        raise NoSpan(typed=typed)
    rest = text.strip()[found.end() :]
    if found["now"]:
        return now, rest
    start = (after or now).astimezone(zone)
    if found["clock"]:
        at = _time(found["clock"], typed)
        day = start.date() + timedelta(days=after is not None and at <= start.time())
        return _instant(day, at, zone), rest
    said = named(found["day"], now.astimezone(zone).date())
    if said is None or said.words:
        raise NoSpan(typed=typed)
    at = _time(found["time"] or "00:00", typed)
    if found["offset"]:
        return datetime.fromisoformat(f"{said.day}T{at:%H:%M}{found['offset'].upper()}").astimezone(now.tzinfo), rest
    return _instant(said.day, at, zone), rest


def _time(text: str, typed: str) -> time:
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise NoSpan(typed=typed) from None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Raises UnclearTime for one that the clocks skip or show twice."""
    text = f"{day}T{at:%H:%M}"
    if fault := unclear(text, zone):
        raise UnclearTime(fault=fault)
    return instant_of(text, zone)
