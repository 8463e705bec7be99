"""Deadlines against a walk that asks of every minute, or second, whether anybody is at work.

The walk shares nothing with the rules under test: it only ever asks what a zone's clocks show at an instant, never when
they show something. Runs are the same each time, so that a build fails for what it changed and for nothing else; look
for new faults with `DESKBELL_EXAMPLES=5000 pytest tests/rules/time/test_business_hours_properties.py`.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules.time.business_hours import Calendar, IntervalKind, Pause, StillPaused, due, elapsed, intervals

ZONES = sorted(available_timezones())
AWKWARD = [
    "Africa/Cairo",  # changes at midnight
    "America/Sao_Paulo",  # changed at midnight
    "America/Scoresbysund",
    "America/St_Johns",  # changed at 00:01, so that a date came, went and came again
    "Antarctica/Troll",  # changes by two hours
    "Asia/Beirut",
    "Australia/Lord_Howe",  # changes by half an hour
    "Europe/Dublin",  # winter is the exception
    "Pacific/Apia",  # 2011-12-30 never was
    "Pacific/Kwajalein",  # 1993-08-21 never was
]
EXAMPLES = os.environ.get("DESKBELL_EXAMPLES")


def examples(many: int) -> settings:
    return settings(
        max_examples=int(EXAMPLES or many),
        derandomize=EXAMPLES is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


WALK, PROPERTY = examples(40), examples(12)
MINUTE, SECOND, MICROSECOND = timedelta(minutes=1), timedelta(seconds=1), timedelta(microseconds=1)
DAY = 1440
Clock: TypeAlias = tuple[Calendar, datetime, list[Pause]]


@dataclass(frozen=True)
class Desk:
    """Hours as pairs of minutes since midnight; an end that is not after its start is the next day's."""

    zone: str
    week: dict[int, list[tuple[int, int]]]
    closed: frozenset[date]
    special: dict[date, list[tuple[int, int]]]

    def calendar(self) -> Calendar:
        return Calendar.of(
            self.zone,
            {weekday: written(hours) for weekday, hours in self.week.items()},
            closed=self.closed,
            special={day: written(hours) for day, hours in self.special.items()},
        )

    def shifts_of(self, day: date) -> list[tuple[int, int]]:
        return [] if day in self.closed else self.special.get(day, self.week.get(day.weekday(), []))

    def is_closed(self, day: date) -> bool:
        return day in self.closed or self.special.get(day) == []


def written(hours: list[tuple[int, int]]) -> list[str]:
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in hours]


def walk(desk: Desk, begin: datetime, minutes: int) -> list[bool]:
    """Whether the desk is open, of each minute from `begin`.

    A shift has started once the clock has shown its start or more, and is over when it shows its end or more and will
    not go back to it.
    """
    zone, margin = ZoneInfo(desk.zone), 360
    instants = (begin + (minute - margin) * MINUTE for minute in range(minutes + 2 * margin))
    shown = [
        local.toordinal() * DAY + local.hour * 60 + local.minute for local in (i.astimezone(zone) for i in instants)
    ]
    highest = list(accumulate(shown, max))
    lowest_later = [*list(accumulate(reversed(shown), min))[-2::-1], shown[-1]]
    shifts = {
        ordinal: list(timetable(desk, ordinal)) for ordinal in range(min(shown) // DAY - 2, max(shown) // DAY + 2)
    }
    opens = []
    for at in range(margin, margin + minutes):
        ordinal = shown[at] // DAY
        at_work = any(
            start <= highest[at] and (shown[at] < end or lowest_later[at] <= end)
            for near in range(ordinal - 2, ordinal + 2)
            for start, end in shifts.get(near, ())
        )
        opens.append(at_work and not desk.is_closed(date.fromordinal(ordinal)))
    return opens


def timetable(desk: Desk, ordinal: int) -> Iterator[tuple[int, int]]:
    for start, end in desk.shifts_of(date.fromordinal(ordinal)):
        yield ordinal * DAY + start, ordinal * DAY + (end if end > start else end + DAY)


@cache
def changes(zone: str, year: int) -> list[datetime]:
    """When this zone's clocks change in a year, to the minute."""
    start, rules = datetime(year, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    found = []
    for day in range(365):
        before, after = ((start + timedelta(days=n)).astimezone(rules).utcoffset() for n in (day, day + 1))
        if before != after:
            minutes = [start + timedelta(days=day, minutes=n) for n in range(DAY + 1)]
            found.append(minutes[bisect_left(minutes, True, key=lambda at: at.astimezone(rules).utcoffset() != before)])
    return found


def days_hours(near: datetime, zone: str) -> st.SearchStrategy[list[tuple[int, int]]]:
    """A day's shifts, which like to begin and end about what clocks show as they change."""
    shown = [at.astimezone(ZoneInfo(zone)) for at in (near - MINUTE, near)]
    about = [(at.hour * 60 + at.minute + more) % DAY for at in shown for more in (-60, -30, -15, 0, 1, 15, 30, 60)]
    times = st.sampled_from([*about, *about, 0, 0, 540, 1020, 1320]) | st.integers(0, DAY - 1)
    shifts = st.tuples(times, times | st.just(DAY)).map(lambda shift: shift if shift[0] != shift[1] else (0, DAY))
    return st.lists(shifts, min_size=1, max_size=2)


@st.composite
def desks(draw: st.DrawFn) -> tuple[Desk, datetime]:
    """A desk, and a minute that is worth looking at."""
    zone = draw(st.sampled_from(AWKWARD) | st.sampled_from(ZONES))
    # Later than Liberia's change of 1972: from then on every offset is whole minutes.
    year = draw(st.integers(1973, 2099) | st.sampled_from([1993, 1995, 2006, 2011, 2018, 2024]))
    turns = changes(zone, year)
    near = draw(st.sampled_from(turns)) if turns else datetime(year, 6, 1, tzinfo=UTC)
    hours = days_hours(near, zone)
    usual, other = draw(hours), draw(hours)
    others = draw(st.sampled_from([(), (5, 6), (0, 2, 4)]))
    week = {weekday: other if weekday in others else usual for weekday in range(7)}
    closed, special = set(), dict[date, list[tuple[int, int]]]()
    for days in range(-1, 3):
        day = (near + timedelta(days=days)).date()
        match draw(st.sampled_from(["usual", "usual", "usual", "closed", "empty", "special"])):
            case "closed":
                closed.add(day)
            case "empty":
                special[day] = []
            case "special":
                special[day] = draw(hours)
    return Desk(zone, week, frozenset(closed), special), near


def spans(begin: int, end: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Pauses as ticks, in any order, also about and beyond what is walked."""
    ticks = st.integers(begin, end)
    return st.lists(st.tuples(ticks, ticks).map(lambda pair: (min(pair), max(pair))), max_size=4)


def agree(
    desk: Desk, start: datetime, tick: timedelta, opens: list[bool], held: list[tuple[int, int]], goals: list[int]
) -> None:
    """Holds the rules against ticks from `start`, each open or not, and pauses from one tick to another."""
    calendar = desk.calendar()
    pauses: list[Pause] = [(start + a * tick, start + b * tick) for a, b in held]
    paused = [any(a <= at < b for a, b in held) for at in range(len(opens))]
    counted = [is_open and not is_paused for is_open, is_paused in zip(opens, paused, strict=True)]
    end = start + len(opens) * tick
    assert elapsed(calendar, start, end, pauses) == sum(counted) * tick
    totals = list(accumulate(counted))
    for goal in goals:
        deadline = due(calendar, start, goal * tick, pauses)
        if totals and goal <= totals[-1]:
            assert deadline == start + (bisect_left(totals, goal) + 1) * tick
        else:
            assert deadline > end
    kinds = [
        kind for piece in intervals(calendar, start, end, pauses) for kind in [piece.kind] * (piece.length // tick)
    ]
    names = {True: IntervalKind.COUNTED, False: IntervalKind.PAUSED}
    assert kinds == [names[c] if o else IntervalKind.OUT_OF_HOURS for o, c in zip(opens, counted, strict=True)]


@pytest.mark.slow
@WALK
@given(
    desks(),
    st.integers(-36 * 60, 0),
    st.integers(1, DAY) | st.integers(DAY, 2 * DAY),
    spans(-600, 3 * DAY),
    st.lists(st.integers(1, DAY)),
)
def test_every_minute_is_counted_as_a_walk_counts_it(
    desk_near: tuple[Desk, datetime], offset: int, length: int, held: list[tuple[int, int]], goals: list[int]
) -> None:
    desk, near = desk_near
    start = near + offset * MINUTE
    agree(desk, start, MINUTE, walk(desk, start, length), held, goals)


@pytest.mark.slow
@WALK
@given(desks(), st.integers(-3600, 1800), st.integers(1, 5400), spans(-60, 6000), st.lists(st.integers(1, 3600)))
def test_every_second_is_counted_as_a_walk_counts_it(
    desk_near: tuple[Desk, datetime], offset: int, length: int, held: list[tuple[int, int]], goals: list[int]
) -> None:
    desk, near = desk_near
    minute, second = divmod(offset, 60)
    opens = [is_open for is_open in walk(desk, near + minute * MINUTE, length // 60 + 2) for _ in range(60)]
    agree(desk, near + offset * SECOND, SECOND, opens[second : second + length], held, goals)


def microseconds(days: int) -> st.SearchStrategy[timedelta]:
    return st.timedeltas(timedelta(0), timedelta(days=days))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """A calendar, a start and pauses, to the microsecond."""
    desk, near = draw(desks())
    start = near + draw(microseconds(20)) - timedelta(days=10)
    pauses = draw(st.lists(st.tuples(microseconds(40), microseconds(30)), max_size=4))
    begun = [(start - timedelta(days=8) + after, length) for after, length in pauses]
    return desk.calendar(), start, [(since, since + length) for since, length in begun]


PARTS = st.integers(0, 1_000_000)


def part_of(clock: Clock, part: int) -> timedelta:
    """A target that this clock spends within a month, to the microsecond."""
    calendar, start, pauses = clock
    return elapsed(calendar, start, start + timedelta(days=30), pauses) * part // 1_000_000


@PROPERTY
@given(clocks(), PARTS, PARTS)
def test_a_deadline_is_when_the_target_is_spent_and_no_sooner(clock: Clock, part: int, other: int) -> None:
    calendar, start, pauses = clock
    target, more = sorted((part_of(clock, part), part_of(clock, other)))
    deadline = due(calendar, start, target, pauses)
    assert elapsed(calendar, start, deadline, pauses) == target
    if target:
        assert elapsed(calendar, start, deadline - MICROSECOND, pauses) == target - MICROSECOND
    assert start <= deadline <= due(calendar, start, more, pauses)


@PROPERTY
@given(clocks(), PARTS, microseconds(10))
def test_who_starts_later_is_due_no_sooner(clock: Clock, part: int, later: timedelta) -> None:
    calendar, start, pauses = clock
    target = part_of(clock, part) // 2
    assert due(calendar, start, target, pauses) <= due(calendar, start + later, target, pauses)


@PROPERTY
@given(clocks(), PARTS, microseconds(30), microseconds(10))
def test_a_pause_never_brings_a_deadline_nearer_and_may_come_in_pieces(
    clock: Clock, part: int, after: timedelta, length: timedelta
) -> None:
    calendar, start, pauses = clock
    target, since = part_of(clock, part), start + after
    whole = due(calendar, start, target, [*pauses, (since, since + length)])
    third = length // 3
    pieces = [(since + third, since + length), (since, since + third), (since, since + 2 * third), (since, since)]
    assert due(calendar, start, target, [*pieces, *pauses]) == whole
    assert whole >= due(calendar, start, target, pauses)


@PROPERTY
@given(clocks(), PARTS, microseconds(30))
def test_an_open_pause_leaves_a_deadline_only_before_it(clock: Clock, part: int, after: timedelta) -> None:
    calendar, start, pauses = clock
    target, since = part_of(clock, part), start + after
    spent = elapsed(calendar, start, since, pauses)
    if target <= spent:
        assert due(calendar, start, target, [(since, None), *pauses]) == due(calendar, start, target, pauses) <= since
    else:
        with pytest.raises(StillPaused) as still:
            due(calendar, start, target, [(since, None), *pauses])
        assert still.value.remaining == target - spent


@PROPERTY
@given(clocks(), microseconds(30), microseconds(30))
def test_intervals_add_up_and_leave_no_gap(clock: Clock, first: timedelta, second: timedelta) -> None:
    calendar, start, pauses = clock
    middle, end = start + first, start + first + second
    pieces = intervals(calendar, start, end, pauses)
    counted = [piece.length for piece in pieces if piece.kind is IntervalKind.COUNTED]
    spent = elapsed(calendar, start, end, pauses)
    assert sum(counted, timedelta(0)) == spent
    assert spent == elapsed(calendar, start, middle, pauses) + elapsed(calendar, middle, end, pauses)
    assert all(piece.length > timedelta(0) for piece in pieces)
    assert all(one.end == following.start and one.kind != following.kind for one, following in pairwise(pieces))
    assert [pieces[0].start, pieces[-1].end] == [start, end] if pieces else start == end


VECTORS = json.loads((Path(__file__).parent / "sla-vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_walk_reaches_the_deadline_that_the_vector_expects(vector: dict[str, Any]) -> None:
    """None of the vectors contradicts the rules."""
    week = {int(day): [(minutes(a), minutes(b)) for a, b in hours] for day, hours in vector["hours"].items()}
    desk = Desk(vector["tz"], week, frozenset(map(date.fromisoformat, vector["holidays"])), {})
    start, expected = (datetime.fromisoformat(vector[key]) for key in ("start_utc", "expect_due_utc"))
    held = [[(datetime.fromisoformat(at) - start) // SECOND for at in pause] for pause in vector["pauses_utc"]]
    paused = {second for a, b in held for second in range(a, b)}
    opens = walk(desk, start, (expected - start) // MINUTE)
    counted = [
        60 - len(paused.intersection(range(60 * at, 60 * at + 60))) if opens[at] else 0 for at in range(len(opens))
    ]
    assert sum(counted) == vector["goal_minutes"] * 60
    assert counted[-1]


def minutes(wall: str) -> int:
    return int(wall[:2]) * 60 + int(wall[3:])
