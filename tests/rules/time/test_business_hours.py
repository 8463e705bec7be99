"""Promises in working time: when they fall due, what counted towards them, and which calendars are refused."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.rules.time.business_hours import (
    BeyondHorizon,
    Calendar,
    ImpossibleHours,
    Interval,
    IntervalKind,
    StillPaused,
    due,
    elapsed,
    intervals,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE_TO_FIVE = {weekday: ["09:00-17:00"] for weekday in range(5)}
NIGHTS = {weekday: ["22:00-06:00"] for weekday in range(7)}
ALL_DAY = {weekday: ["00:00-24:00"] for weekday in range(7)}
LONDON = Calendar.of("Europe/London", NINE_TO_FIVE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every_day(*hours: str) -> dict[int, list[str]]:
    return {weekday: list(hours) for weekday in range(7)}


def open_between(calendar: Calendar, start: str, end: str) -> list[tuple[str, str]]:
    """What counts, by the clock of the calendar's zone."""
    pieces = intervals(calendar, utc(start), utc(end))
    counted = [piece for piece in pieces if piece.kind is IntervalKind.COUNTED]
    return [(local(calendar, piece.start), local(calendar, piece.end)) for piece in counted]


def local(calendar: Calendar, at: datetime) -> str:
    return at.astimezone(calendar.zone).strftime("%d %H:%M")


VECTORS = json.loads((Path(__file__).parent / "sla-vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_vector_falls_due_when_it_should(vector: dict[str, Any]) -> None:
    calendar = Calendar.of(
        vector["tz"],
        {int(day): dashed(hours) for day, hours in vector["hours"].items()},
        closed=map(date.fromisoformat, vector["holidays"]),
        special={date.fromisoformat(day): dashed(hours) for day, hours in vector["special"].items()},
    )
    start, target = datetime.fromisoformat(vector["start_utc"]), vector["goal_minutes"] * MINUTE
    pauses = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in vector["pauses_utc"]]
    deadline = due(calendar, start, target, pauses)
    assert deadline == datetime.fromisoformat(vector["expect_due_utc"])
    assert elapsed(calendar, start, deadline, pauses) == target


def dashed(hours: Sequence[Sequence[str]]) -> list[str]:
    return ["-".join(pair) for pair in hours]


def test_a_target_fulfilled_as_the_day_ends_is_due_then_and_not_on_monday() -> None:
    friday = utc("2025-06-06T08:00")
    assert due(LONDON, friday, 8 * HOUR) == utc("2025-06-06T16:00")
    assert due(LONDON, friday, 8 * HOUR + timedelta(microseconds=1)) == utc("2025-06-09T08:00:00.000001")


def test_a_target_of_nothing_is_due_at_once_even_at_night_or_paused() -> None:
    at_night = utc("2025-06-07T03:00")
    assert due(LONDON, at_night, timedelta(0), [(at_night, None)]) == at_night


def test_answers_are_in_utc_whatever_zone_the_question_came_in() -> None:
    asked = datetime(2025, 6, 6, 16, tzinfo=ZoneInfo("Europe/London"))
    deadline = due(LONDON, asked, 2 * HOUR)
    assert (deadline, deadline.tzinfo) == (utc("2025-06-09T09:00"), UTC)


def test_an_hour_that_is_shown_twice_lasts_two() -> None:
    autumn = Calendar.of("Europe/London", every_day("01:15-01:45"))
    assert elapsed(autumn, utc("2025-10-26T00:00"), utc("2025-10-26T03:00")) == 90 * MINUTE
    asked = datetime(2025, 10, 26, 1, 30, tzinfo=ZoneInfo("Europe/London"))
    assert elapsed(autumn, asked, asked.replace(fold=1)) == HOUR


def test_hours_that_a_spring_change_skips_are_not_worked() -> None:
    spring = Calendar.of("Europe/Berlin", every_day("02:10-02:50"))
    assert open_between(spring, "2025-03-29T12:00", "2025-03-31T12:00") == [("31 02:10", "31 02:50")]


def test_hours_that_begin_or_end_in_the_skipped_hour_begin_or_end_at_the_change() -> None:
    spring = Calendar.of("Europe/Berlin", every_day("01:00-02:20", "02:40-04:00"))
    assert elapsed(spring, utc("2025-03-29T23:00"), utc("2025-03-30T12:00")) == 2 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", "2025-03-30", 23),
        ("Europe/London", "2025-10-26", 25),
        ("Australia/Lord_Howe", "2025-04-06", 24.5),
        ("Australia/Lord_Howe", "2025-10-05", 23.5),
        ("America/Sao_Paulo", "2018-11-04", 23),  # 00:00 was 01:00
        ("America/Sao_Paulo", "2018-02-17", 25),  # 24:00 was 23:00
        ("Africa/Cairo", "2024-04-26", 23),
        ("Africa/Cairo", "2024-10-31", 25),
        ("Asia/Beirut", "2024-03-31", 23),
        ("America/Havana", "2024-11-03", 25),  # 01:00 was 00:00, so that midnight came twice
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
        ("Antarctica/Troll", "2024-03-31", 22),
    ],
)
def test_a_date_is_as_long_as_clocks_show_it(zone: str, day: str, hours: float) -> None:
    """Closing the date takes as much from a calendar that is always open."""
    closed = Calendar.of(zone, ALL_DAY, closed=[date.fromisoformat(day)])
    around = utc(day) - timedelta(days=3), utc(day) + timedelta(days=4)
    assert elapsed(closed, *around) == timedelta(days=7) - hours * HOUR


def test_only_the_closed_date_closes_where_midnight_is_passed_twice() -> None:
    """St John's set its clocks back at 00:01, so that the 28th ended a second time."""
    closed = Calendar.of("America/St_Johns", ALL_DAY, closed=[date(2006, 10, 29)])
    assert open_between(closed, "2006-10-28T12:00", "2006-10-31T00:00") == [
        ("28 09:30", "29 00:00"),
        ("28 23:01", "29 00:00"),
        ("30 00:00", "30 20:30"),
    ]


def test_a_night_shift_stops_at_the_midnight_of_a_holiday_and_nobody_works_the_morning_after() -> None:
    nights = Calendar.of("Europe/London", NIGHTS, closed=[date(2025, 1, 8)])
    assert open_between(nights, "2025-01-07T12:00", "2025-01-10T12:00") == [
        ("07 22:00", "08 00:00"),
        ("09 22:00", "10 06:00"),
    ]


def test_a_night_shift_runs_on_into_a_half_day() -> None:
    nights = Calendar.of("Europe/London", NIGHTS, special={date(2025, 1, 8): ["09:00-12:00"]})
    assert open_between(nights, "2025-01-07T12:00", "2025-01-09T12:00") == [
        ("07 22:00", "08 06:00"),
        ("08 09:00", "08 12:00"),
    ]


def test_a_half_day_may_end_the_next_morning() -> None:
    eve = Calendar.of("Europe/London", NINE_TO_FIVE, special={date(2025, 1, 8): ["20:00-02:00"]})
    assert open_between(eve, "2025-01-08T00:00", "2025-01-09T12:00") == [
        ("08 20:00", "09 02:00"),
        ("09 09:00", "09 12:00"),
    ]


def test_a_special_date_without_hours_is_closed() -> None:
    day = date(2025, 1, 8)
    named = Calendar.of("Europe/London", NIGHTS, closed=[day])
    empty = Calendar.of("Europe/London", NIGHTS, special={day: []})
    span = "2025-01-06T12:00", "2025-01-11T12:00"
    assert open_between(named, *span) == open_between(empty, *span)


def test_a_special_date_may_be_the_only_one() -> None:
    once = Calendar.of("Asia/Tokyo", {}, special={date(2026, 1, 1): ["00:00-06:00"]})
    assert due(once, utc("2025-06-01T00:00"), HOUR) == utc("2025-12-31T16:00")


def test_hours_that_overlap_count_once() -> None:
    calendar = Calendar.of("Europe/London", {0: ["22:00-06:00", "12:00-14:00", "13:00-15:00"], 1: ["05:00-09:00"]})
    assert open_between(calendar, "2025-01-06T00:00", "2025-01-08T00:00") == [
        ("06 12:00", "06 15:00"),
        ("06 22:00", "07 09:00"),
    ]


def test_public_holidays_close_with_their_substitutes_and_by_subdivision() -> None:
    def works(day: str, country: str, subdivision: str | None) -> bool:
        calendar = Calendar.of("UTC", ALL_DAY, holidays=(country, subdivision))
        return elapsed(calendar, utc(day), utc(day) + timedelta(days=1)) > timedelta(0)

    assert not works("2026-12-28", "GB", "ENG")  # for Boxing Day, a Saturday
    assert works("2025-12-01", "GB", "ENG")
    assert not works("2025-12-01", "GB", "SCT")  # for St Andrew's, a Sunday
    assert not works("2021-12-31", "US", None)  # for 2022-01-01, a Saturday


def test_a_holiday_closes_while_it_is_another_year_in_utc() -> None:
    auckland = Calendar.of("Pacific/Auckland", ALL_DAY, holidays=("NZ", None))
    assert elapsed(auckland, utc("2025-12-31T10:00"), utc("2025-12-31T23:00")) == HOUR
    samoa = Calendar.of("Pacific/Pago_Pago", ALL_DAY, holidays=("US", None))  # closed 2021-12-31 and 2022-01-01
    assert elapsed(samoa, utc("2022-01-01T00:00"), utc("2022-01-01T12:00")) == timedelta(0)


def test_a_special_date_opens_on_a_public_holiday() -> None:
    calendar = Calendar.of(
        "Europe/London", NINE_TO_FIVE, holidays=("GB", "ENG"), special={date(2025, 12, 26): ["10:00-12:00"]}
    )
    assert open_between(calendar, "2025-12-25T00:00", "2025-12-27T00:00") == [("26 10:00", "26 12:00")]


def test_years_without_holiday_data_are_years_without_holidays() -> None:
    calendar = Calendar.of("Asia/Kolkata", NINE_TO_FIVE, holidays=("IN", "KA"))
    assert due(calendar, utc("2150-03-02T04:00"), HOUR) == utc("2150-03-02T05:00")


def test_the_holidays_library_is_loaded_for_nobody_who_names_no_country() -> None:
    ask = (
        "import sys; from bot.rules.time.business_hours import Calendar; "
        "Calendar.of('Europe/London', {0: ['09:00-17:00']}); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


def test_a_pause_after_the_deadline_changes_nothing_and_an_open_one_before_it_leaves_none() -> None:
    start = utc("2025-06-02T08:00")
    assert due(LONDON, start, 2 * HOUR, [(utc("2025-06-02T10:00"), None)]) == utc("2025-06-02T10:00")
    with pytest.raises(StillPaused, match="2025-06-02 09:30 UTC with 0:30:00 left") as still:
        due(LONDON, start, 2 * HOUR, [(utc("2025-06-02T09:30"), None)])
    assert (still.value.since, still.value.remaining) == (utc("2025-06-02T09:30"), 30 * MINUTE)


def test_an_open_pause_swallows_what_overlaps_it() -> None:
    start = utc("2025-06-02T08:00")
    pauses = [(utc("2025-06-02T09:00"), utc("2025-06-02T09:10")), (utc("2025-06-01T00:00"), None)]
    with pytest.raises(StillPaused) as still:
        due(LONDON, start, HOUR, pauses)
    assert (still.value.since, still.value.remaining) == (start, HOUR)
    assert elapsed(LONDON, start, utc("2025-06-02T12:00"), pauses) == timedelta(0)


def test_why_a_promise_is_due_can_be_read_interval_by_interval() -> None:
    start, held = utc("2025-06-06T14:00"), (utc("2025-06-06T15:00"), utc("2025-06-09T08:30"))
    deadline = due(LONDON, start, 2 * HOUR, [held])
    assert intervals(LONDON, start, deadline, [held]) == [
        Interval(IntervalKind.COUNTED, start, utc("2025-06-06T15:00")),
        Interval(IntervalKind.PAUSED, utc("2025-06-06T15:00"), utc("2025-06-06T16:00")),
        Interval(IntervalKind.OUT_OF_HOURS, utc("2025-06-06T16:00"), utc("2025-06-09T08:00")),
        Interval(IntervalKind.PAUSED, utc("2025-06-09T08:00"), utc("2025-06-09T08:30")),
        Interval(IntervalKind.COUNTED, utc("2025-06-09T08:30"), utc("2025-06-09T09:30")),
    ]


def test_round_the_clock_needs_no_windows_and_is_as_right_as_with_them() -> None:
    always, nearly = Calendar.always(), Calendar.of("Europe/Berlin", ALL_DAY, closed=[date(1999, 1, 1)])
    halves = Calendar.of("Europe/Berlin", every_day("12:00-24:00", "00:00-12:00"))
    start, held = utc("2025-10-25T18:00"), [(utc("2025-10-26T00:30"), utc("2025-10-26T01:15"))]
    assert (always.never_closes, halves.never_closes, nearly.never_closes) == (True, True, False)
    assert due(always, start, 12 * HOUR, held) == due(nearly, start, 12 * HOUR, held) == utc("2025-10-26T06:45")
    end = utc("2025-10-27T00:00")
    assert intervals(always, start, end, held) == intervals(nearly, start, end, held)


@pytest.mark.parametrize(
    ("start", "deadline"),
    [
        ("1969-12-31T20:00", "1970-01-01T09:00"),  # London kept summer time through that winter
        ("2100-12-31T16:30", "2101-01-03T09:30"),
        ("2199-12-31T09:00", "2199-12-31T10:00"),
    ],
)
def test_a_century_either_way_is_within_reach(start: str, deadline: str) -> None:
    assert due(Calendar.of("Europe/London", NINE_TO_FIVE), utc(start), HOUR) == utc(deadline)


@pytest.mark.parametrize("calendar", [LONDON, Calendar.always()])
def test_a_target_beyond_any_calendar_is_named_and_not_looked_for(calendar: Calendar) -> None:
    with pytest.raises(BeyondHorizon):
        due(calendar, utc("2025-01-01T00:00"), timedelta.max)


def test_working_time_is_not_computed_before_1900_or_after_2199() -> None:
    with pytest.raises(BeyondHorizon, match="from 1900 to 2199"):
        elapsed(LONDON, utc("1899-12-31T23:59"), utc("1900-01-05T00:00"))
    with pytest.raises(BeyondHorizon, match="from 1900 to 2199"):
        elapsed(LONDON, utc("2199-12-31T00:00"), utc("2200-01-01T00:00"))


def test_a_deadline_that_no_opening_is_left_for_is_beyond_the_horizon() -> None:
    once = Calendar.of("UTC", {}, special={date(2020, 1, 1): ["09:00-10:00"]})
    with pytest.raises(BeyondHorizon, match="beyond 2199"):
        due(once, utc("2025-01-01T00:00"), HOUR)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/London", "Pacific/Pago_Pago"])
def test_the_night_into_a_new_year_counts_whichever_year_is_asked_about_first(zone: str) -> None:
    asked, started = Calendar.of(zone, NIGHTS), Calendar.of(zone, NIGHTS)
    start, end = utc("2025-01-01T00:00"), utc("2025-01-03T00:00")
    elapsed(started, start - timedelta(days=2), start)
    assert elapsed(asked, start, end) == elapsed(started, start, end) == 16 * HOUR


def test_what_is_asked_first_makes_no_difference() -> None:
    forward, backward = (Calendar.of("Europe/London", NINE_TO_FIVE) for _ in range(2))
    years = [utc(f"{year}-12-31T12:00") for year in (2019, 2021, 2025)]
    first = [due(forward, at, 300 * HOUR) for at in years]
    assert first == [due(backward, at, 300 * HOUR) for at in reversed(years)][::-1]
    assert first == [due(forward, at, 300 * HOUR) for at in years]


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ({}, "never open"),
        ({0: []}, "never open"),
        ({0: ["9-17"]}, "Monday: “9-17” is not hours"),
        ({1: ["09:00–17:00"]}, "Tuesday: “09:00–17:00” is not hours"),
        ({2: ["09:60-17:00"]}, "Wednesday: “09:60-17:00” is not hours"),
        ({3: ["09:00-17:00\n"]}, "Thursday: “09:00-17:00\n” is not hours"),
        ({4: ["09:00-24:30"]}, "Friday: “09:00-24:30” is not on the clock"),
        ({5: ["25:00-26:00"]}, "Saturday: “25:00-26:00” is not on the clock"),
        ({6: ["24:00-06:00"]}, "Sunday: “24:00-06:00” is not on the clock"),
        ({0: ["09:00-09:00"]}, "Monday: “09:00-09:00” is empty"),
        ({0: "09:00-17:00"}, "Monday: hours are a list"),
        ({7: ["09:00-17:00"]}, "7 is not a weekday"),
    ],
)
def test_hours_that_cannot_be_worked_are_refused_by_name(hours: dict[int, Sequence[str]], fault: str) -> None:
    with pytest.raises(ImpossibleHours) as refused:
        Calendar.of("Europe/London", hours)
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ({"zone": "Europe/Lodnon"}, "“Europe/Lodnon” is not a time zone"),
        ({"zone": "Europe"}, "“Europe” is not a time zone"),
        ({"zone": "../zoneinfo/UTC"}, "is not a time zone"),
        ({"zone": ""}, "“” is not a time zone"),
        ({"holidays": ("XX", None)}, "no public holidays are known for “XX”"),
        ({"holidays": ("GB", "ZZ")}, "no public holidays are known for “GB-ZZ”"),
        ({"holidays": ("Britain", None)}, "“Britain” is not a country code"),
        ({"special": {date(2025, 12, 24): ["12:00-12:00"]}}, "2025-12-24: “12:00-12:00” is empty"),
        ({"special": {date(2025, 1, 1): ["09:00-10:00"]}, "closed": [date(2025, 1, 1)]}, "2025-01-01 is both"),
        ({"hours": {}, "zone": "Pacific/Apia", "special": {date(2011, 12, 30): ["09:00-17:00"]}}, "never open"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_by_name(kind: dict[str, Any], fault: str) -> None:
    with pytest.raises(ImpossibleHours) as refused:
        Calendar.of(**{"zone": "Europe/London", "hours": NINE_TO_FIVE, **kind})
    assert fault in str(refused.value)


def test_a_question_without_a_zone_or_back_to_front_is_refused() -> None:
    start, naive = utc("2025-06-02T08:00"), datetime(2025, 6, 2, 8)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        due(LONDON, naive, HOUR)
    with pytest.raises(ValueError, match="no time zone"):
        due(LONDON, start, HOUR, [(naive, start)])
    with pytest.raises(ValueError, match="is before"):
        elapsed(LONDON, start, start - HOUR)
    with pytest.raises(ValueError, match="is before"):
        intervals(LONDON, start, start + HOUR, [(start, start - HOUR)])
    with pytest.raises(ValueError, match="negative"):
        due(LONDON, start, -HOUR)
