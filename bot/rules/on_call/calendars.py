"""Absences and turns that are kept in a calendar elsewhere (iCalendar, RFC 5545): what of a file is meant here."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, StringConstraints, model_validator

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, Duration, Key, Keyed
from bot.rules.time.local_time import zone_of

AHEAD = timedelta(days=90)
LARGEST = 5 * 1024 * 1024
EVENTS_MOST = 5_000
_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY)|BYMINUTE=\d+,|BYSECOND=\d+,", re.IGNORECASE)
_ENDLESS = re.compile(
    rb"^(?:RR|EXR)ULE\b[^\r\n]*(?:INTERVAL=0+\b|FREQ=HOURLY[^\r\n]*BYSETPOS|BYSETPOS[^\r\n]*FREQ=HOURLY)",
    re.IGNORECASE | re.MULTILINE,
)
"""What the library would look through for ever: RFC 5545 has intervals from 1 on, and an hour has no third start."""
_FOLDED = re.compile(rb"\r?\n[ \t]")
_UTC, _A_DAY = ZoneInfo("UTC"), timedelta(days=1)
_AT_LEAST = timedelta(minutes=5)


class Unreadable(Exception):
    """Why a calendar cannot be read, in words."""


class TakesTooMuch(Unreadable):
    """It came to the bound of what it may take, and would each time."""


class Holds(StrEnum):
    ABSENCES = "absences"
    SHIFTS = "shifts"


def _variable(text: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}", text, re.ASCII):
        raise ValueError("names no variable; an address like this is a secret, so write it like “env:HOLIDAYS_ICS”")
    return text


class RotaCalendar(Keyed):
    url: Annotated[str, AfterValidator(_variable)]
    """The variable that has its address: whoever knows that reads the calendar."""
    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,253}$")]
    """Its address leads to this host alone."""
    holds: Holds = Holds.ABSENCES
    rota: Annotated[Key, Refers("rotas")] | None = None
    """Of shifts, whose they are."""
    zone: str = "UTC"
    """By whose clocks a time is meant that has none, and a whole day."""
    every: Duration = timedelta(hours=1)

    @property
    def variable(self) -> str:
        return self.url.removeprefix("env:")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.rota is None) == (self.holds is Holds.SHIFTS):
            raise ValueError("rota: shifts are of a rota, and absences of none")
        if self.every < _AT_LEAST:
            raise ValueError("every: it is read every five minutes at the most")
        zone_of(self.zone)
        return self


RotaCalendars = Annotated[dict[Key, RotaCalendar], KEYED, Section(removable=True)]


@dataclass(frozen=True, order=True)
class Span:
    """Somebody's absence or turn, UTC, half-open."""

    start: datetime
    end: datetime
    person: str


@dataclass(frozen=True)
class Found:
    spans: tuple[Span, ...] = ()
    unmatched: Mapping[str, int] = field(default_factory=dict)
    """Who is meant and is nobody here, with how often."""

    @property
    def digest(self) -> str:
        told = [(one.start.isoformat(), one.end.isoformat(), one.person) for one in self.spans]
        return sha256(repr((told, sorted(self.unmatched))).encode()).hexdigest()


def read(content: bytes, zone: ZoneInfo, begin: datetime, people: Mapping[str, str]) -> Found:
    """What touches the next 90 days. `people`: ids by name and by address, in small letters. Raises Unreadable."""
    try:
        return _read(content, zone, begin, people)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as fault:
        raise Unreadable(f"it is no sound iCalendar file ({type(fault).__name__})") from None


def _read(content: bytes, zone: ZoneInfo, begin: datetime, people: Mapping[str, str]) -> Found:
    spans, unmatched = set[Span](), Counter[str]()
    end = begin + AHEAD
    for number, event in enumerate(_events(content, begin, end)):
        if number >= EVENTS_MOST:
            raise Unreadable(f"it has more than {EVENTS_MOST:,} events in {AHEAD.days} days")
        start, until = _span(event, zone)
        if until <= begin or start >= end or start >= until:
            continue
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        said = list(dict.fromkeys(_named(event)))
        who = list(dict.fromkeys(people[one.casefold()] for one in said if one.casefold() in people))
        # Where everybody who was invited declined, nobody is meant.
        if not who and (said or "ATTENDEE" not in event):
            unmatched[said[0][:100] if said else "an event without a name"] += 1
        spans |= {Span(start, until, one) for one in who}
    return Found(tuple(sorted(spans)), dict(unmatched))


def _events(content: bytes, begin: datetime, end: datetime) -> Iterator[Any]:
    import icalendar
    import recurring_ical_events  # type: ignore[import-untyped]

    unfolded = _FOLDED.sub(b"", content)
    if _OFTEN.search(unfolded):
        raise Unreadable("it has an event that repeats several times an hour")
    if _ENDLESS.search(unfolded):
        raise Unreadable("it has an event that repeats by a rule that nobody can follow")
    calendar = icalendar.Calendar.from_ical(content)
    events = recurring_ical_events.of(calendar, skip_bad_series=True)
    # The library takes whole days and times without a zone as UTC: what is over there may last elsewhere.
    begin, end = begin - _A_DAY, end + _A_DAY
    # It looks at each event for each part that it is asked for, and its own parts are of a quarter of an hour where
    # much stands. A week at most, as it holds all of a part at once, and first an hour: a crowd is refused by then.
    since, part = begin, timedelta(hours=1)
    while since < end:
        until = min(since + part, end)
        for event in events.between(since, until):
            if since == begin or _instant(event["DTSTART"].dt, _UTC) >= since:  # else the part before had it
                yield event
        since, part = until, min(2 * part, 7 * _A_DAY)


def _span(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A whole day is a day of the zone; a time without a zone is shown by its clocks."""
    start = event["DTSTART"].dt
    until = event["DTEND"].dt if "DTEND" in event else None
    if until is None:
        until = start + (timedelta(days=1) if not isinstance(start, datetime) else timedelta())
    return _instant(start, zone), _instant(until, zone)


def _instant(at: date | datetime, zone: ZoneInfo) -> datetime:
    whole = at if isinstance(at, datetime) else datetime.combine(at, time())
    return (whole if whole.tzinfo else whole.replace(tzinfo=zone)).astimezone(UTC)


def _named(event: Any) -> Iterator[str]:
    """Who is meant: those who are invited, else the name that its title is or begins with, else who made it."""
    attendees = event.get("ATTENDEE", [])
    for one in attendees if isinstance(attendees, list) else [attendees]:
        if str(one.params.get("PARTSTAT", "")).upper() != "DECLINED":
            yield _address(one)
    title = " ".join(str(event.get("SUMMARY", "")).split())
    if not attendees and title:
        yield title
        for mark in (":", " - ", " – ", ","):
            if mark in title:
                yield title.partition(mark)[0].strip()
    if not attendees and "ORGANIZER" in event:
        yield _address(event["ORGANIZER"])


def _address(value: Any) -> str:
    text = str(value)
    return text[len("mailto:") :] if text.casefold().startswith("mailto:") else text
