"""Turns as a feed (RFC 5545). Every instant is UTC."""

from collections.abc import Sequence

from bot.usecases.on_call.feed import Event
from handlers.calendar.views.feed import READ_AGAIN, text_type


def feed(events: Sequence[Event], name: str, host: str) -> bytes:
    """The same bytes for the same turns. `host` makes their ids unlike those of other installations."""
    from icalendar import Calendar
    from icalendar import Event as Component

    calendar, text = Calendar(), text_type()
    calendar.add("prodid", "-//Deskbell//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", text(name))
    calendar.add("x-wr-calname", text(name))
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    for one in events:
        event = Component()
        event.add("uid", f"{one.id}@{host}")
        event.add("dtstamp", one.touched_at)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", text(f"On call: {one.title} ({', '.join(one.people)})"))
        event.add("description", text(f"{one.because}. In Slack: /oncall {one.rota}"))
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        event.add("sequence", one.sequence)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
