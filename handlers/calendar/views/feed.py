"""The calendar as a feed (RFC 5545). Every instant is UTC; windows that recur are written out, an event each."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from bot.rules.calendar.calendar import Entry, EntryKind
from bot.rules.change.flow import ChangeState
from handlers.calendar.views.labels import says

if TYPE_CHECKING:
    from icalendar import Event, vText

READ_AGAIN = timedelta(minutes=30)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_SURE = frozenset({ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW, ChangeState.CLOSED})


def feed(entries: Sequence[Entry], services: Mapping[str, str], host: str) -> bytes:
    """The same bytes for the same entries. `host` makes its events' ids unlike those of other installations."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Deskbell//Change calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Changes")
    calendar.add("x-wr-calname", "Changes")
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, services, host))
    return bytes(calendar.to_ical())


def tag(content: bytes) -> str:
    """Its entity tag: a program that has this need not be sent it again."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _event(entry: Entry, services: Mapping[str, str], host: str) -> "Event":
    from icalendar import Event

    names = ", ".join(services.get(key, key) for key in entry.services) or "all services"
    event = Event()
    event.add("uid", f"{_id(entry)}@{host}")
    # When it was changed, not when it was asked for: what did not change stays the same bytes.
    event.add("dtstamp", entry.touched_at or entry.starts_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    text = text_type()
    event.add("summary", text(_summary(entry)))
    event.add("description", text(f"{says(entry).capitalize()}. Services: {names}.{_where(entry)}"))
    event.add("categories", [str(entry.kind)])
    event.add("status", _status(entry))
    event.add("sequence", entry.revision)
    event.add("transp", "OPAQUE" if entry.kind is EntryKind.CHANGE else "TRANSPARENT")
    return event


@cache
def text_type() -> "type[vText]":
    """Text escaped by RFC 5545, 3.3.11. The library's own takes a typed “\\N”, as in a path, for a line break."""
    from icalendar import vText

    class Text(vText):
        def to_ical(self) -> bytes:
            return str(self).translate(_ESCAPED).encode()

    return Text


def _id(entry: Entry) -> str:
    window = entry.kind in (EntryKind.FREEZE, EntryKind.MAINTENANCE)
    return f"{entry.ref.lower()}-{stamp(entry.starts_at)}" if window else entry.ref.lower()


def stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _summary(entry: Entry) -> str:
    lead = {EntryKind.FREEZE: "Freeze: ", EntryKind.MAINTENANCE: "Maintenance: ", EntryKind.MAJOR: "Major incident: "}
    stands = "Missed: " if entry.missed else "Held: " if entry.held else ""
    return lead.get(entry.kind, stands) + entry.name


def _where(entry: Entry) -> str:
    return f" In Slack: /change {entry.ref}" if entry.kind is EntryKind.CHANGE else ""


def _status(entry: Entry) -> str:
    if entry.kind is not EntryKind.CHANGE or (entry.state in _SURE and not (entry.held or entry.missed)):
        return "CONFIRMED"
    return "CANCELLED" if entry.state == ChangeState.CANCELLED else "TENTATIVE"
