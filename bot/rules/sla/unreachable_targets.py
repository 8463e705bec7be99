"""Whether what is promised and owed would ever fall due in the hours that it counts by."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Protocol, TypeAlias

from bot.rules.policy_format.document import Path
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.types import duration_text
from bot.rules.time.business_hours import Calendar
from bot.rules.time.policy import CalendarRule

MOST_YEARS = 25
"""Well inside the years that calendars are computed for."""
_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)


class Length(Protocol):
    @property
    def length(self) -> timedelta: ...
    @property
    def calendar(self) -> str: ...


def out_of_order(path: Path, of: str, response: Length | None, resolution: Length | None) -> Iterator[Sensed]:
    """A response that would be due after the resolution, of targets that come from several places."""
    if response is not None and resolution is not None and response.length > resolution.length:
        told = f"{duration_text(response.length)}) is longer than the resolution ({duration_text(resolution.length)})"
        places = ((*path, "response"), (*path, "resolution"), path)
        yield Sensed(path, f"the response of {of} ({told}", places)


Promised: TypeAlias = tuple[Path, str, Length]
"""Where it stands in the file, what it is called, and what it comes to."""


def years(calendar: Calendar, length: timedelta) -> float:
    """Roughly how long it takes until so much has counted, holidays left aside."""
    weekly = timedelta(minutes=sum(end - begin for shifts in calendar.week for begin, end in shifts))
    return _WEEK * (length / weekly) / _YEAR


def out_of_reach(promised: Iterable[Promised], calendars: Mapping[str, CalendarRule]) -> Iterator[Sensed]:
    """Each target that would take longer than anybody waits."""
    for path, name, found in promised:
        needed = years(calendars[found.calendar].calendar, found.length)
        if needed > MOST_YEARS:
            message = f"the {name} would take {needed:.0f} years in the hours of “{found.calendar}”: it is never due"
            yield Sensed(path, message)
