"""Figures by day: what is counted of incidents and promises at one instant, kept so that no report reads it anew.

A sample of a day holds each value with its instant, its incident and its service. So a period may begin and end at any
instant, in any zone, and n, what is left out, mean, median and percentile are those of the records themselves. What
cannot be kept by day is read whenever it is asked for: what is open at an instant, outages, and whatever is private.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, overload

from bot.rules.record.refs import Noun
from bot.rules.report.figures import Figure, of_values
from bot.rules.report.measures.measure import Counted, LeftOut
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.rules.report.records import Incident, Records

SAMPLED = {name: one for name, one in MEASURES.items() if one.when is not None}
CALLS = "calls"
"""Of who is on call: each with its rota, by whose clocks of the time of asking it was night."""
_BETWEEN = "|"
MOMENT = timedelta(microseconds=1)


class Event(NamedTuple):
    """One record counts for one measure, or is left out of it."""

    key: str
    """The measure and the reason for which it is left out; of a call, its rota."""
    at: datetime
    number: int
    """Of the incident."""
    service: str
    value: float

    @property
    def day(self) -> date:
        return self.at.astimezone(UTC).date()


def events(found: Records) -> Iterator[Event]:
    """All that incidents and promises ever count for, whenever that was."""
    for name, measure in SAMPLED.items():
        for one in measure.population(found):
            at = measure.when(one) if measure.when else None
            verdict = measure.judge(one, Period(at, at + MOMENT), at) if at is not None else None
            if at is not None and isinstance(verdict, Counted):
                yield Event(f"{name}{_BETWEEN}", at, number_of(one.ref), one.service, verdict.value)
            elif at is not None and isinstance(verdict, LeftOut):
                yield Event(f"{name}{_BETWEEN}{verdict.reason}", at, number_of(one.ref), one.service, 0.0)
    for incident in found.incidents:
        for rota, at in incident.called:
            yield Event(f"{CALLS}{_BETWEEN}{rota}", at, number_of(incident.ref), incident.service, 0.0)


def number_of(ref: str) -> int:
    return int(ref.rpartition("-")[2])


@dataclass
class Columns:
    """The events of one key: seconds of the day, incidents, places among the services, values."""

    at: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def only(self, places: Iterable[int]) -> "Columns":
        kept = list(places)
        return Columns(*([column[one] for one in kept] for column in self._all))  # type: ignore[arg-type]

    @property
    def _all(self) -> Sequence[Sequence[float]]:
        return self.at, self.numbers, self.services, self.values

    def told(self) -> list[Sequence[float]]:
        return list(self._all)


@dataclass
class Day:
    """A day, by UTC."""

    services: list[str] = field(default_factory=list)
    columns: dict[str, Columns] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Day":
        found = json.loads(text)
        return cls(found["services"], {key: Columns(*of) for key, of in found["columns"].items()})

    def text(self) -> str:
        """The same for the same events, in whatever order they came."""
        services = sorted(self.services)
        told = {}
        for key in sorted(self.columns):
            one = self.columns[key]
            rows = sorted(
                (at, number, services.index(self.services[service]), value)
                for at, number, service, value in zip(one.at, one.numbers, one.services, one.values, strict=True)
            )
            told[key] = [list(column) for column in zip(*rows, strict=True)]
        return json.dumps({"services": services, "columns": told}, separators=(",", ":"), ensure_ascii=False)

    def add(self, one: Event) -> None:
        if one.service not in self.services:
            self.services.append(one.service)
        into = self.columns.setdefault(one.key, Columns())
        into.at.append((one.at - begin_of(one.day)).total_seconds())
        into.numbers.append(one.number)
        into.services.append(self.services.index(one.service))
        into.values.append(one.value)

    def without(self, numbers: Collection[int]) -> "Day":
        """What is left without these incidents."""
        left = Day()
        for key, column in self.columns.items():
            places = [place for place, number in enumerate(column.numbers) if number not in numbers]
            if places:
                kept = column.only(places)
                names = [self.services[one] for one in kept.services]
                left.services += [name for name in dict.fromkeys(names) if name not in left.services]
                kept.services = [left.services.index(name) for name in names]
                left.columns[key] = kept
        return left


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def days_of(period: Period) -> list[date]:
    """The days by UTC that have a part of it."""
    first, last = period.start.astimezone(UTC).date(), (period.end - MOMENT).astimezone(UTC).date()
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]


class Gathered:
    """The events of a period: of samples, but for incidents that have moved since, and of those as they are now."""

    def __init__(self, period: Period, has: Callable[[str], bool], moved: Collection[int]) -> None:
        self._period, self._has, self._moved = period, has, moved
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._values: dict[str, list[float]] = defaultdict(list)
        self._called: list[Incident] = []

    def take(self, day: date, sample: Day) -> None:
        first = (self._period.start - begin_of(day)).total_seconds()
        last = (self._period.end - begin_of(day)).total_seconds()
        whole = first <= 0 and last >= timedelta(days=1).total_seconds()
        mine = {place for place, name in enumerate(sample.services) if self._has(name)}
        every = whole and len(mine) == len(sample.services)
        for key, column in sample.columns.items():
            calls = key.startswith(CALLS + _BETWEEN)
            if not every or calls or not self._moved.isdisjoint(column.numbers):  # type: ignore[attr-defined]
                rows = enumerate(zip(column.at, column.numbers, column.services, strict=True))
                column = column.only(
                    place
                    for place, (at, number, service) in rows
                    if first <= at < last and service in mine and number not in self._moved
                )
            if calls:
                for at, number, service in zip(column.at, column.numbers, column.services, strict=True):
                    called = begin_of(day) + timedelta(seconds=at)
                    self._call(key, called, number, sample.services[service])
            else:
                self._numbers[key] += column.numbers
                self._values[key] += column.values

    def add(self, one: Event) -> None:
        """As it is now."""
        if not self._period.has(one.at) or not self._has(one.service):
            return
        if one.key.startswith(CALLS + _BETWEEN):
            self._call(one.key, one.at, one.number, one.service)
        else:
            self._numbers[one.key].append(one.number)
            self._values[one.key].append(one.value)

    def _call(self, key: str, at: datetime, number: int, service: str) -> None:
        rota = key.partition(_BETWEEN)[2]
        self._called.append(Incident(f"{Noun.INCIDENT}-{number}", service, "", at, called=((rota, at),)))

    @property
    def called(self) -> tuple[Incident, ...]:
        """An incident for each call, with nothing else to it."""
        return tuple(self._called)

    def figures(self, as_of: datetime) -> Mapping[str, Figure]:
        found = {}
        for name, measure in SAMPLED.items():
            ordered = self._ordered(f"{name}{_BETWEEN}")
            reasons = {reason: self._ordered(f"{name}{_BETWEEN}{reason}") for reason in sorted(measure.leaves_out)}
            left_out = {reason: Refs([number for number, _ in rows]) for reason, rows in reasons.items() if rows}
            values = [value for _, value in ordered]
            found[name] = of_values(measure, Pairs(ordered), left_out, self._period, as_of, values=values)
        return found

    def _ordered(self, key: str) -> list[tuple[int, float]]:
        return sorted(zip(self._numbers.get(key, ()), self._values.get(key, ()), strict=True))


class Refs(Sequence[str]):
    """Incidents by number; a reference is made of one only where somebody looks at it."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        found = self._numbers[place]
        return _ref(found) if isinstance(found, int) else list(map(_ref, found))

    def __iter__(self) -> Iterator[str]:
        return map(_ref, self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none


class Pairs(Sequence[tuple[str, float]]):
    """The same, each with its value."""

    def __init__(self, pairs: Sequence[tuple[int, float]]) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, place: int) -> tuple[str, float]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[str, float]]: ...
    def __getitem__(self, place: int | slice) -> tuple[str, float] | list[tuple[str, float]]:
        return list(self)[place]

    def __iter__(self) -> Iterator[tuple[str, float]]:
        return ((_ref(number), value) for number, value in self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _ref(number: int) -> str:
    return f"{Noun.INCIDENT}-{number}"
