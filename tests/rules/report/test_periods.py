"""Weeks, months and quarters of five years, by clocks that skip days and hours: without gap or overlap."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.report.periods import Every, Period, Typed, before, last_whole, spanning, typed

ZONES = {
    "Asia/Shanghai": 2021,
    "America/New_York": 2021,
    "Pacific/Apia": 2009,
    "Africa/Casablanca": 2021,
    "America/Sao_Paulo": 2014,
    "UTC": 2021,
}
"""The first of the five years. Apia skipped 30 December 2011; in São Paulo clocks skipped midnights until 2019."""


def years(every: Every, name: str) -> tuple[list[Period], ZoneInfo]:
    zone, first = ZoneInfo(name), ZONES[name]
    return list(spanning(every, date(first, 1, 1), date(first + 5, 1, 1), zone)), zone


@pytest.mark.parametrize("every", list(Every))
@pytest.mark.parametrize("name", list(ZONES))
def test_five_years_have_neither_gap_nor_overlap(every, name):
    found, zone = years(every, name)
    first = ZONES[name]
    assert all(one.end == two.start for one, two in itertools.pairwise(found))
    assert all(one.start < one.end and one.start.tzinfo is UTC for one in found)
    assert len(found) in {Every.WEEK: (261, 262), Every.MONTH: (60,), Every.QUARTER: (20,)}[every]
    for one in found:
        begins, earlier = one.start.astimezone(zone), (one.start - timedelta(seconds=1)).astimezone(zone)
        assert begins.date() > earlier.date(), "it begins with its day"
        if every is Every.WEEK:
            assert begins.weekday() == 0
        else:
            assert begins.day == 1
            assert begins.month in (range(1, 13) if every is Every.MONTH else (1, 4, 7, 10))
    assert found[0].start <= datetime(first, 1, 1, tzinfo=zone) < found[0].end
    assert found[-1].start < datetime(first + 5, 1, 1, tzinfo=zone) <= found[-1].end


@given(st.sampled_from(list(Every)), st.sampled_from(list(ZONES)), st.floats(0, 1))
def test_every_instant_is_of_one_period_and_is_reported_when_that_is_over(every, name, at):
    found, zone = years(every, name)
    instant = found[0].start + (found[-1].end - found[0].start) * at * 0.999999
    within = [one for one in found if one.has(instant)]
    assert len(within) == 1
    assert last_whole(every, within[0].end, zone) == within[0]
    position = found.index(within[0])
    if position:
        assert last_whole(every, instant, zone) == found[position - 1] == before(every, within[0], zone)


def test_the_week_of_a_skipped_day_has_six():
    zone = ZoneInfo("Pacific/Apia")
    week, month = (
        next(spanning(every, date(2011, 12, 30), date(2011, 12, 31), zone)) for every in Every if every != "quarter"
    )
    assert week.end - week.start == timedelta(days=6)
    assert month.end - month.start == timedelta(days=30)
    assert week == Period(datetime(2011, 12, 26, 10, tzinfo=UTC), datetime(2012, 1, 1, 10, tzinfo=UTC))


@given(st.dates(date(1970, 1, 5), date(9000, 1, 1)), st.integers(1, 400), st.sampled_from(list(Every)))
def test_each_day_that_is_asked_for_is_in_them_and_no_period_is_without_one(first, days, every):
    last = first + timedelta(days=days)
    found = list(spanning(every, first, last, ZoneInfo("UTC")))
    begin, end = (datetime(one.year, one.month, one.day, tzinfo=UTC) for one in (first, last))
    assert found[0].start <= begin < found[0].end
    assert found[-1].start < end <= found[-1].end


@pytest.mark.parametrize(
    ("words", "found", "rest"),
    [
        ("", Typed(), []),
        ("vpn", Typed(), ["vpn"]),
        ("last Month vpn", Typed(Every.MONTH), ["vpn"]),
        ("this quarter", Typed(Every.QUARTER, running=True), []),
        ("this", Typed(), ["this"]),
        ("2026-01 vpn", Typed(Every.MONTH, first=date(2026, 1, 1)), ["vpn"]),
        ("2026-q4", Typed(Every.QUARTER, first=date(2026, 10, 1)), []),
        ("2026-W53", Typed(Every.WEEK, first=date(2026, 12, 28)), []),
        ("2026-W01", Typed(Every.WEEK, first=date(2025, 12, 29)), []),
        ("2025-W53", Typed(), ["2025-W53"]),
        ("2026-13", Typed(), ["2026-13"]),
        ("2026-Q5", Typed(), ["2026-Q5"]),
        ("9999-12", Typed(), ["9999-12"]),
    ],
)
def test_a_period_is_read_by_its_kind_or_its_name(words, found, rest):
    assert typed(words.split()) == (found, rest)
