"""Figures by day: what is counted of incidents, promises, changes and requests at one instant, kept so that no report
reads it anew.

A sample of a day holds each value with its instant, its record and its service. So a period may begin and end at any
instant, in any zone, and n, what is left out, mean, median and percentile are those of the records themselves. What
cannot be kept by day is read whenever it is asked for: what is open at an instant, requests that are not over, changes
that caused an incident, outages, and whatever is private.
"""

import json
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias, overload

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
Moved: TypeAlias = Mapping[Noun, Collection[int]]
"""Numbers of the records that have moved, by noun."""
MOMENT = timedelta(microseconds=1)
_LENGTH = 4
"""Bytes that say how long the head of a body is."""


class Event(NamedTuple):
    """One record counts for one measure, or is left out of it."""

    key: str
    """The measure and the reason for which it is left out; of a call, its rota."""
    at: datetime
    number: int
    """Of the record."""
    service: str
    value: float

    @property
    def day(self) -> date:
        return self.at.astimezone(UTC).date()


def events(found: Records) -> Iterator[Event]:
    """All that incidents, promises, changes and requests ever count for, whenever that was."""
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


def noun_of(key: str) -> Noun:
    """What the records of a key are."""
    name = key.partition(_BETWEEN)[0]
    return SAMPLED[name].noun if name in SAMPLED else Noun.INCIDENT


def number_of(ref: str) -> int:
    return int(ref.rpartition("-")[2])


@dataclass
class Columns:
    """The events of one key: seconds of the day, records, places among the services, values."""

    at: "array[float]" = field(default_factory=lambda: array("d"))
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    services: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def only(self, places: Iterable[int]) -> "Columns":
        kept = list(places)
        return Columns(*(array(one.typecode, [one[place] for place in kept]) for one in self.all))  # type: ignore[arg-type]

    @property
    def all(self) -> "Sequence[array[float] | array[int]]":
        return self.at, self.numbers, self.services, self.values


@dataclass
class Day:
    """A day, by UTC."""

    services: list[str] = field(default_factory=list)
    columns: dict[str, Columns] = field(default_factory=dict)

    @classmethod
    def parse(cls, body: bytes) -> "Day":
        """Of `body`: numbers as the machine has them, since a quarter has millions."""
        length = int.from_bytes(body[:_LENGTH])
        head, place = json.loads(body[_LENGTH : _LENGTH + length]), _LENGTH + length
        found = cls(head["services"])
        for key, count in head["keys"]:
            into = found.columns[key] = Columns()
            for column in into.all:
                column.frombytes(body[place : place + count * column.itemsize])
                place += count * column.itemsize
                if sys.byteorder == "big":
                    column.byteswap()
        return found

    def body(self) -> bytes:
        """The same for the same events, in whatever order they came."""
        services, told, keys = sorted(self.services), list[bytes](), sorted(self.columns)
        places = array("q", [services.index(one) for one in self.services])
        for key in keys:
            one = self.columns[key]
            rows = sorted(zip(one.at, one.numbers, map(places.__getitem__, one.services), one.values, strict=True))
            for column, values in zip(one.all, zip(*rows, strict=True), strict=True):
                written = array(column.typecode, values)
                if sys.byteorder == "big":
                    written.byteswap()
                told.append(written.tobytes())
        head = {"services": services, "keys": [[key, len(self.columns[key].at)] for key in keys]}
        text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
        return len(text).to_bytes(_LENGTH) + text + b"".join(told)

    def add(self, one: Event) -> None:
        if one.service not in self.services:
            self.services.append(one.service)
        into = self.columns.setdefault(one.key, Columns())
        into.at.append((one.at - begin_of(one.day)).total_seconds())
        into.numbers.append(one.number)
        into.services.append(self.services.index(one.service))
        into.values.append(one.value)

    def without(self, moved: Moved) -> "Day":
        """What is left without these records."""
        left = Day()
        for key, column in self.columns.items():
            numbers = moved.get(noun_of(key), ())
            places = [place for place, number in enumerate(column.numbers) if number not in numbers]
            if places:
                kept = column.only(places)
                names = [self.services[one] for one in kept.services]
                left.services += [name for name in dict.fromkeys(names) if name not in left.services]
                kept.services = array("q", [left.services.index(name) for name in names])
                left.columns[key] = kept
        return left


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def days_of(period: Period) -> list[date]:
    """The days by UTC that have a part of it."""
    first, last = period.start.astimezone(UTC).date(), (period.end - MOMENT).astimezone(UTC).date()
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]


class Gathered:
    """The events of a period: of samples, but for records that have moved since, and of those as they are now."""

    def __init__(self, period: Period, has: Callable[[str], bool], moved: Moved) -> None:
        self._period, self._has, self._moved = period, has, {noun: frozenset(some) for noun, some in moved.items()}
        self._numbers: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._values: dict[str, array[float]] = defaultdict(lambda: array("d"))
        self._called: list[Incident] = []

    def take(self, day: date, sample: Day) -> None:
        first = (self._period.start - begin_of(day)).total_seconds()
        last = (self._period.end - begin_of(day)).total_seconds()
        whole = first <= 0 and last >= timedelta(days=1).total_seconds()
        mine = {place for place, name in enumerate(sample.services) if self._has(name)}
        every = whole and len(mine) == len(sample.services)
        for key, column in sample.columns.items():
            calls, moved = key.startswith(CALLS + _BETWEEN), self._moved.get(noun_of(key), frozenset())
            if not every or calls or (moved and not moved.isdisjoint(column.numbers)):
                rows = enumerate(zip(column.at, column.numbers, column.services, strict=True))
                column = column.only(
                    place
                    for place, (at, number, service) in rows
                    if first <= at < last and service in mine and number not in moved
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
            counted = self._pairs(measure.noun, f"{name}{_BETWEEN}")
            reasons = {one: self._pairs(measure.noun, f"{name}{_BETWEEN}{one}") for one in sorted(measure.leaves_out)}
            left_out = {reason: Refs(pairs) for reason, pairs in reasons.items() if len(pairs)}
            found[name] = of_values(measure, counted, left_out, self._period, as_of, values=counted.values)
        return found

    def _pairs(self, noun: Noun, key: str) -> "Pairs":
        return Pairs(noun, self._numbers[key], self._values[key])


class Pairs(Sequence[tuple[str, float]]):
    """Records by number, each with its value. They are put in order, and named, only where somebody looks at them."""

    def __init__(self, noun: Noun, numbers: "array[int]", values: "array[float]") -> None:
        self._noun, self._numbers, self.values = noun, numbers, values

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> tuple[str, float]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[str, float]]: ...
    def __getitem__(self, place: int | slice) -> tuple[str, float] | list[tuple[str, float]]:
        return list(self)[place]

    def __iter__(self) -> Iterator[tuple[str, float]]:
        rows = sorted(zip(self._numbers, self.values, strict=True))
        return ((f"{self._noun}-{number}", value) for number, value in rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none


class Refs(Sequence[str]):
    """The same without the values."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return list(self)[place]

    def __iter__(self) -> Iterator[str]:
        return (ref for ref, _ in self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
