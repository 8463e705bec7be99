"""The policy's calendars: when a promise's time counts.

A wall time that a spring change skips is the first instant after it; `business_hours` has all the rules.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Key, Rule
from bot.rules.time.business_hours import Calendar
from bot.rules.time.local_time import ImpossibleHours, shifts_of, zone_of
from bot.rules.time.public_holidays import public_holidays
from bot.rules.time.zone_names import known_everywhere, meant

ALWAYS = "always"
"""The calendar of a target that names none: day and night, every day."""

ROUND_THE_CLOCK = ("24x7", "24×7", "24/7")


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _zone(key: str) -> str:
    try:
        zone_of(key)
    except ImpossibleHours as fault:
        raise ValueError(f"{fault}{meant(key)}") from None
    return key


def _interval(text: str) -> str:
    try:
        shifts_of([text], "")
    except ImpossibleHours as fault:
        raise ValueError(str(fault).removeprefix(": ")) from None
    return text


def _hours(value: object) -> object:
    if isinstance(value, str):
        if value in ROUND_THE_CLOCK:
            return dict.fromkeys(Weekday, ("00:00-24:00",))
        raise ValueError(f"“{value}” is not hours; write {{ mon = [“09:00-17:00”], … }} or “24x7”")
    return value


def _day(value: object) -> object:
    """A date as a file may have it, with quotes or without."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == len("2025-12-29") else "")
    except ValueError:
        raise ValueError(f"“{value}” is not a date; write it like 2025-12-29") from None


Interval = Annotated[str, AfterValidator(_interval)]
Day = Annotated[date, BeforeValidator(_day)]
Zone = Annotated[str, AfterValidator(_zone)]
"""An IANA time zone."""


class Holidays(Rule):
    """ISO 3166 codes, as the `holidays` library has them."""

    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        public_holidays(self.country, self.subdivision, year=2000)
        return self


class CalendarRule(Rule):
    zone: Zone
    hours: Annotated[dict[Weekday, tuple[Interval, ...]], BeforeValidator(_hours)]
    holidays: Holidays | None = None
    closed: tuple[Day, ...] = ()
    special: Mapping[Day, tuple[Interval, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if not any(self.hours.values()):
            raise ValueError("hours: there are none in any week, so no promise would ever fall due")
        _ = self.calendar
        return self

    @cached_property
    def calendar(self) -> Calendar:
        """Compiled once; raises ImpossibleHours, which reading the file turns into a fault with its line."""
        weekdays = list(Weekday)
        return Calendar.of(
            self.zone,
            {weekdays.index(day): list(hours) for day, hours in self.hours.items()},
            closed=self.closed,
            special={day: list(hours) for day, hours in self.special.items()},
            holidays=(self.holidays.country, self.holidays.subdivision) if self.holidays else None,
        )


class Calendared(Protocol):
    """The part of a policy that has calendars."""

    @property
    def calendars(self) -> Mapping[str, CalendarRule]: ...


def zones_of_everywhere(policy: Calendared) -> Iterator[Sensed]:
    for key, calendar in policy.calendars.items():
        yield from known_everywhere(calendar.zone, ("calendars", key, "zone"))


Calendars = Annotated[
    dict[Key, CalendarRule], Section(needs=(ALWAYS,), removable=True, file_checks=(zones_of_everywhere,))
]
