"""What the calendar's views are drawn from, and what all of them call its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.rules.change_calendar import Entry, EntryKind, Look, midnight
from bot.rules.change_flow import ChangeState


@dataclass(frozen=True)
class Page:
    """A look with what stands in it, through somebody's eyes."""

    look: Look
    zone: ZoneInfo
    now: datetime
    entries: Sequence[Entry]
    """In order; each has a part of the look."""
    services: Mapping[str, str] = field(default_factory=dict)
    """Names by key."""
    collisions: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    """By the change's reference."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def midnights(self) -> Sequence[datetime]:
        """Of each day, and of the first one after."""
        return [midnight(day, self.zone) for day in [*self.look.days, self.look.until]]

    def on(self, day: date) -> list[Entry]:
        begin, end = midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)
        return [one for one in self.entries if one.within(begin, end)]

    def service_names(self, entry: Entry) -> str:
        return ", ".join(self.services.get(key, key) for key in entry.services) or "all services"

    def collides(self, entry: Entry) -> Sequence[Entry]:
        return self.collisions.get(entry.ref, ()) if entry.kind is EntryKind.CHANGE else ()


def says(entry: Entry) -> str:
    """What it is, in a word or two: “approved and scheduled, held by a freeze”, “hard freeze”."""
    match entry.kind:
        case EntryKind.CHANGE:
            return ChangeState(entry.state).label + (", held by a freeze" if entry.held else "")
        case EntryKind.FREEZE:
            return "hard freeze" if entry.hard else "soft freeze"
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
