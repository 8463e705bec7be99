"""The policy's rotas: who takes turns at being on call."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from bot.rules.on_call.turns import HOUR, Length, Turns
from bot.rules.policy_format.document import Table
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Key, Member, Rule, words
from bot.rules.record.years import FIRST_YEAR, LAST_YEAR
from bot.rules.time.business_hours import Calendar
from bot.rules.time.local_time import MIDNIGHT, Shift, next_shown, shifts_of, showings, zone_of
from bot.rules.time.open_time import RoundTheClock
from bot.rules.time.policy import Holidays, Interval, Weekday, Zone
from bot.rules.time.public_holidays import public_holidays

MOST_PEOPLE = 100


def _turn(text: str) -> str:
    Length.parse(text)
    return text


def _instant(value: object) -> str:
    """As written, with or without an offset; a date and time of TOML without quotes is taken too."""
    text = value.isoformat() if isinstance(value, datetime) else value
    try:
        read = datetime.fromisoformat(text if isinstance(text, str) and "T" in text else "")
    except ValueError:
        raise ValueError(f"“{value}” is not a date and a time; write it like 2026-01-05T09:00") from None
    if not FIRST_YEAR < read.year < LAST_YEAR:
        raise ValueError(f"“{value}” is none of the years from {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    if read.second or read.microsecond:
        raise ValueError(f"“{value}” has seconds; hand-overs are at whole minutes")
    return str(text)


def _crew(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _user_group(text: str) -> str:
    if not re.fullmatch(r"S[A-Z0-9]{2,30}", text):
        raise ValueError(f"“{text}” is no id of a user group; one is like S012AB3CD")
    return text


Instant = Annotated[str, BeforeValidator(_instant)]
"""Without an offset it is in the rota's zone."""
Crew = Annotated[tuple[Member, ...], BeforeValidator(_crew), Field(min_length=1, max_length=10)]
"""One person, or several who are on call together."""


class ByAlias(Rule):
    """Keys of the file that Python keeps for itself."""

    model_config = ConfigDict(serialize_by_alias=True)


class Layer(ByAlias):
    people: Annotated[tuple[Crew, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    turn: Annotated[str, AfterValidator(_turn)]
    starts: Instant = Field(alias="from")
    """The first hand-over; before it nobody is on call."""
    until: Instant | None = None
    only: dict[Weekday, tuple[Interval, ...]] | None = None
    """Hours of the week; a turn without any is nobody's. At any time, if left out."""
    zone_key: str = Field(default="UTC", exclude=True, validation_alias="(zone)")

    @cached_property
    def turns(self) -> Turns:
        zone = zone_of(self.zone_key)
        first = _wall(self.starts, zone)
        open_time = self.hours.timeline if self.hours else RoundTheClock()
        return Turns(zone, Length.parse(self.turn), first, self._week, open_time)

    @cached_property
    def crews(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(dict.fromkeys(crew)) for crew in self.people)

    @cached_property
    def hours(self) -> Calendar | None:
        if self.only is None:
            return None
        days = list(Weekday)
        return Calendar.of(self.zone_key, {days.index(day): list(hours) for day, hours in self.only.items()})

    @cached_property
    def ends_at(self) -> datetime | None:
        return instant_of(self.until, zone_of(self.zone_key)) if self.until else None

    @property
    def _week(self) -> tuple[Shift, ...] | None:
        if self.only is None:
            return None
        days = list(Weekday)
        return tuple(
            (days.index(day) * MIDNIGHT + begins, days.index(day) * MIDNIGHT + ends)
            for day, hours in self.only.items()
            for begins, ends in shifts_of(hours, day)
        )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.only is not None and not any(self.only.values()):
            raise ValueError("only: there are no hours in any week, so nobody would ever be on call")
        return self


class Override(ByAlias):
    starts: Instant = Field(alias="from")
    ends: Instant = Field(alias="to")
    comes: Member | None = Field(default=None, alias="in")
    """Takes the span."""
    leaves: Member | None = Field(default=None, alias="out")
    """Whose time in the span alone it is about; without anybody who comes, nobody has it."""
    reason: Annotated[str, words(longest=200)] | None = None

    def span(self, zone: str) -> tuple[datetime, datetime]:
        return instant_of(self.starts, zone_of(zone)), instant_of(self.ends, zone_of(zone))

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.comes is None and self.leaves is None:
            raise ValueError("says neither who comes “in” nor who is “out”")
        if self.comes == self.leaves:
            raise ValueError("“in” and “out” are the same person, so nothing would change")
        return self


def _in_zone(value: object) -> object:
    """Each layer knows the zone of its rota."""
    if not isinstance(value, dict) or not isinstance(value.get("layers"), list | tuple):
        return value
    zone = value.get("zone")
    if not isinstance(zone, str) or not _is_zone(zone):
        return value
    layers = [{**one, "(zone)": zone} if isinstance(one, dict) else one for one in value["layers"]]
    return {**value, "layers": layers}


def _is_zone(key: str) -> bool:
    try:
        zone_of(key)
    except ValueError:
        return False
    return True


class Rota(Rule):
    zone: Zone
    title: Annotated[str, words(longest=60)] | None = None
    group: Annotated[str, Refers("groups")] | None = None
    """Keeps the rota, and hears of gaps."""
    channel: Annotated[str, Refers("channels")] | None = None
    """Where turns are offered; without one each of its people is asked."""
    user_group: Annotated[str, AfterValidator(_user_group)] | None = None
    """The id of a user group of Slack whose members are those on call."""
    holidays: Holidays | None = None
    """Public holidays, which are counted in what everybody was on call."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=20)]
    """A later one lies over an earlier one where it has somebody."""
    overrides: Annotated[tuple[Override, ...], Field(max_length=1000)] = ()
    """In the order in which they are laid over the layers."""

    def is_holiday(self, day: date) -> bool:
        named = self.holidays
        return named is not None and day in public_holidays(named.country, named.subdivision, day.year)

    @property
    def people(self) -> Iterator[str]:
        """Everybody named, each once."""
        named = [one for layer in self.layers for crew in layer.crews for one in crew]
        named += [one for override in self.overrides for one in (override.comes, override.leaves) if one]
        yield from dict.fromkeys(named)


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """UTC; a time without an offset is the first at which the zone's clocks show it."""
    read = datetime.fromisoformat(text)
    if read.tzinfo:
        return read.astimezone(UTC)
    return datetime.fromtimestamp(showings(zone, read.date(), read.hour * HOUR + read.minute)[0], UTC)


def _wall(text: str, zone: ZoneInfo) -> datetime:
    read = datetime.fromisoformat(text)
    return (read.astimezone(zone) if read.tzinfo else read).replace(tzinfo=None, fold=0)


def unclear(text: str, zone: ZoneInfo) -> str | None:
    """What is wrong with a typed time that the clocks skip, or show twice; one with an offset is clear."""
    read = datetime.fromisoformat(text)
    if read.tzinfo:
        return None
    first, _, last = showings(zone, read.date(), read.hour * HOUR + read.minute)
    if first != last:
        return f"“{text}” is shown twice by the clocks of {zone.key} that day; give its offset, as in {text}+00:00"
    if shown := next_shown(zone, read):
        return f"“{text}” is skipped by the clocks of {zone.key} that day; the next time they show is {shown:%H:%M}"
    return None


def _typed_times(rotas: Table) -> Iterator[Sensed]:
    """Of each rota whose zone and times can be read: those that the clocks skip or show twice, and spans of no time."""
    for key, rota in rotas.items():
        zone = rota.get("zone") if isinstance(rota, Mapping) else None
        if not isinstance(rota, Mapping) or not isinstance(zone, str) or not _is_zone(zone):
            continue
        for part, names in (("layers", ("from", "until")), ("overrides", ("from", "to"))):
            for number, one in enumerate(_tables(rota.get(part))):
                where = (key, part, number)
                texts = [str(one[name]) if _is_instant(one.get(name)) else None for name in names]
                faults = [
                    (name, text and unclear(text, zone_of(zone))) for name, text in zip(names, texts, strict=True)
                ]
                yield from (Sensed((*where, name), fault) for name, fault in faults if fault)
                begin, end = (instant_of(text, zone_of(zone)) if text else None for text in texts)
                if begin and end and end <= begin:
                    yield Sensed((*where, names[1]), "is not after “from”")


def _group_of_one(rotas: Table) -> Iterator[Sensed]:
    """A user group follows one rota: two would take it from each other."""
    first: dict[str, str] = {}
    for key, rota in rotas.items():
        group = rota.get("user_group") if isinstance(rota, Mapping) else None
        if isinstance(group, str) and first.setdefault(group, key) != key:
            yield Sensed((key, "user_group"), f"is the user group of the rota “{first[group]}” already")


def _tables(value: object) -> list[Mapping[str, object]]:
    return [one if isinstance(one, Mapping) else {} for one in value] if isinstance(value, list | tuple) else []


def _is_instant(value: object) -> bool:
    try:
        _instant(value)
    except ValueError:
        return False
    return True


Rotas = Annotated[
    dict[Key, Annotated[Rota, BeforeValidator(_in_zone)]], Section(checks=(_typed_times, _group_of_one), removable=True)
]
