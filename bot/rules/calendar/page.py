"""A span of the calendar with its entries: every view of it is drawn from one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.rules.calendar.calendar import CalendarQuery, Entry, EntryKind, midnight


@dataclass(frozen=True)
class Page:
    """A look with what stands in it, through somebody's eyes."""

    look: CalendarQuery
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

    @property
    def digest(self) -> str:
        """The same as long as a drawing of it would be; the time of day alone makes no other."""
        told = repr(
            (self.look, self.zone.key, self.today, self.entries, self.collisions, sorted(self.services.items()))
        )
        return hashlib.sha256(told.encode()).hexdigest()[:32]
