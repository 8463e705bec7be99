"""A clock's reading against a minute-by-minute walk, over a week in which clocks change."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.sla.clock_history import Event, Reading, Step, derive
from bot.rules.time.business_hours import Calendar, IntervalKind

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 26, 10, tzinfo=UTC)
"""A Thursday; London's clocks go forward on the Sunday."""
WEEK = 7 * 24 * 60
HOURS = {"London": ("Europe/London", 9, 17), "Kolkata": ("Asia/Kolkata", 8, 12), "always": ("UTC", 0, 24)}
CALENDARS = {
    name: Calendar.of(zone, {day: [f"{begin:02}:00-{end:02}:00"] for day in range(7 if name == "always" else 5)})
    for name, (zone, begin, end) in HOURS.items()
}


@cache
def opened(name: str) -> list[bool]:
    """Whether each minute of the fortnight counts, read off a wall clock."""
    zone, begin, end = HOURS[name]
    shown = [(START + minute * MINUTE).astimezone(ZoneInfo(zone)) for minute in range(2 * WEEK)]
    return [begin <= one.hour < end and (name == "always" or one.weekday() < 5) for one in shown]


@dataclass
class Walk:
    """The same clock, a minute at a time."""

    target: int
    calendar: str
    spent: int = 0
    paused: bool = False
    ended: bool = False
    breached: int | None = None
    reached: dict[int, int] = field(default_factory=dict)
    """The minute at which so much was first spent."""

    def notice(self, minute: int) -> None:
        crossed = self.reached.get(self.target)
        if not self.ended and self.breached is None and crossed is not None and crossed < minute:
            self.breached = crossed

    def hear(self, step: Step, minute: int, target: int, calendar: str) -> None:
        self.notice(minute)
        if self.ended and step is not Step.REOPENED:
            return
        match step:
            case Step.PAUSED:
                self.paused = True
            case Step.RESUMED:
                self.paused = False
            case Step.RETARGETED:
                self.target, self.calendar = target, calendar
                self.notice(minute)
            case Step.DONE:
                self.paused, self.ended = False, True
            case Step.REOPENED:
                self.ended = False

    def pass_minute(self, minute: int) -> None:
        if not self.paused and not self.ended and opened(self.calendar)[minute]:
            self.spent += 1
            self.reached.setdefault(self.spent, minute + 1)


targets = st.integers(1, 2000)
names = st.sampled_from(sorted(CALENDARS))
steps = st.sampled_from([Step.PAUSED, Step.RESUMED, Step.RETARGETED, Step.DONE, Step.REOPENED])
happenings = st.lists(st.tuples(st.integers(0, WEEK), steps, targets, names), max_size=8).map(
    lambda found: sorted(found, key=lambda one: one[0])
)


def read(target: int, name: str, later: list[tuple[int, Step, int, str]]) -> Reading:
    return derive([Event(Step.STARTED, START, target * MINUTE, CALENDARS[name]), *map(event, later)])


def event(one: tuple[int, Step, int, str]) -> Event:
    minute, step, target, name = one
    at = START + minute * MINUTE
    return Event(step, at, target * MINUTE, CALENDARS[name]) if step is Step.RETARGETED else Event(step, at)


def walked(target: int, name: str, later: list[tuple[int, Step, int, str]], until: int) -> Walk:
    walk, waiting = Walk(target, name), list(later)
    for minute in range(until):
        while waiting and waiting[0][0] == minute:
            _, step, new_target, new_name = waiting.pop(0)
            walk.hear(step, minute, new_target, new_name)
        walk.pass_minute(minute)
    for minute, step, new_target, new_name in waiting:
        walk.hear(step, minute, new_target, new_name)
    walk.notice(until)
    return walk


@settings(max_examples=60, deadline=None)
@given(targets, names, happenings)
def test_a_reading_agrees_with_a_walk_minute_by_minute(target, name, later):
    until = WEEK + 60
    reading, walk, now = read(target, name, later), walked(target, name, later, until), START + until * MINUTE
    assert reading.spent(now) == walk.spent * MINUTE
    breach = reading.breach(now)
    assert (breach and (breach - START) // MINUTE) == walk.breached
    assert (reading.ended_at is not None) == walk.ended


@settings(max_examples=80, deadline=None)
@given(targets, names, happenings)
def test_what_counted_up_to_the_deadline_is_the_target_and_leaves_no_gap(target, name, later):
    reading = read(target, name, later)
    if reading.due_at is None:
        return
    pieces = reading.pieces(reading.due_at)
    counted = sum((one.length for one in pieces if one.kind is IntervalKind.COUNTED), timedelta(0))
    assert counted == reading.target
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert (pieces[0].start, pieces[-1].end) == (START, reading.due_at)


@settings(max_examples=60, deadline=None)
@given(targets, names, happenings, st.integers(0, WEEK), st.integers(1, 600))
def test_a_pause_never_brings_a_deadline_nearer(target, name, later, minute, minutes):
    running = [one for one in later if one[1] not in (Step.DONE, Step.PAUSED, Step.RESUMED)]
    pause = [(minute, Step.PAUSED, 1, name), (minute + minutes, Step.RESUMED, 1, name)]
    without, held = read(target, name, running), read(target, name, sorted([*running, *pause], key=lambda one: one[0]))
    assert held.due_at >= without.due_at


@settings(max_examples=60, deadline=None)
@given(targets, names, st.lists(st.integers(0, WEEK), min_size=3, max_size=3).map(sorted))
def test_splitting_a_pause_changes_nothing(target, name, minutes):
    first, middle, last = minutes
    whole = [(first, Step.PAUSED, 1, name), (last, Step.RESUMED, 1, name)]
    halves = [whole[0], (middle, Step.RESUMED, 1, name), (middle, Step.PAUSED, 1, name), whole[1]]
    assert read(target, name, halves).due_at == read(target, name, whole).due_at


@settings(max_examples=60, deadline=None)
@given(targets, names, happenings, st.integers(0, 2 * WEEK), st.integers(0, WEEK))
def test_a_breach_once_told_is_never_taken_back(target, name, later, minute, wait):
    """What is known at one time stays known, whatever happens after."""
    before = [one for one in later if one[0] <= minute]
    known = read(target, name, before).breach(START + minute * MINUTE)
    if known is not None:
        assert read(target, name, later).breach(START + (minute + wait) * MINUTE) == known


@given(targets, names, st.integers(0, WEEK))
def test_a_target_that_says_the_same_changes_nothing(target, name, minute):
    same = [(minute, Step.RETARGETED, target, name)]
    assert replace(read(target, name, same), breached_at=None) == read(target, name, [])
