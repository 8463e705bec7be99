"""The policy's calendars: when a promise's time counts.

A wall time that a spring change skips is the first instant after it; `business_hours` has all the rules.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.rules.business_hours import Calendar
from bot.rules.holiday_dates import public_holidays
from bot.rules.wall_clock import ImpossibleHours, shifts_of, zone_of

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
    zone_of(key)
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


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Interval = Annotated[str, AfterValidator(_interval)]
Day = Annotated[date, BeforeValidator(_day)]


class Holidays(_Rule):
    """ISO 3166 codes, as the `holidays` library has them."""

    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        public_holidays(self.country, self.subdivision, year=2000)
        return self


class CalendarRule(_Rule):
    zone: Annotated[str, AfterValidator(_zone)]
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
