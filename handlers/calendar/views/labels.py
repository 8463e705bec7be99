"""What the calendar's views call its entries, and the whole in words for who cannot see the picture."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.rules.calendar.calendar import Entry, EntryKind, midnight
from bot.rules.calendar.page import Page
from bot.rules.change.flow import ChangeState
from handlers.change.views.card import MISSED


def says(entry: Entry) -> str:
    """What it is, in a word or two: “approved and scheduled, held by a freeze”, “soft freeze”."""
    match entry.kind:
        case EntryKind.CHANGE if entry.missed:
            return MISSED
        case EntryKind.CHANGE:
            return ChangeState(entry.state).label + (", held by a freeze" if entry.held else "")
        case EntryKind.FREEZE:
            return "freeze" if entry.hard else "soft freeze"
        case _:
            return str(entry.kind)


def hours(entry: Entry, zone: ZoneInfo, day: date) -> str:
    """When it is on a day: “09:00 to 11:00”, “all day”, “from 22:00”, “until 02:00”."""
    begins, ends = (at.astimezone(zone) for at in (entry.starts_at, entry.ends_at))
    before = entry.starts_at <= midnight(day, zone)
    after = entry.ends_at >= midnight(day + timedelta(days=1), zone)
    if before and after:
        return "all day"
    if before:
        return f"until {ends:%H:%M}"
    return f"from {begins:%H:%M}" if after else f"{begins:%H:%M} to {ends:%H:%M}"


def in_words(page: Page, most: int) -> str:
    """All that the picture shows, for who cannot see it."""
    lead = f"Changes in {page.look.name()}, {page.zone.key}."
    if not page.entries:
        return f"{lead} Nothing is planned."
    told = [lead]
    for n, entry in enumerate(page.entries):
        line = _in_words(page, entry)
        rest = f"{len(page.entries) - n} more."
        if len(" ".join([*told, line, rest])) > most:
            return " ".join([*told, rest])
        told.append(line)
    return " ".join(told)


def _in_words(page: Page, entry: Entry) -> str:
    begins, ends = (at.astimezone(page.zone) for at in (entry.starts_at, entry.ends_at))
    same = begins.date() == ends.date()
    until = f"{ends:%H:%M}" if same else f"{ends:%a} {ends.day} {ends:%b %H:%M}"
    met = ", ".join(one.ref or one.title for one in page.collides(entry))
    return (
        f"{begins:%a} {begins.day} {begins:%b %H:%M} to {until}: {entry.name}"
        f" ({says(entry)}; {page.service_names(entry)}{f'; collides with {met}' if met else ''})."
    )
