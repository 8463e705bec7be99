"""Days as people name them."""

from datetime import date, time

import pytest

from bot.rules.record.typed_dates import Named, impossible, named

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to Friday", Named(FRIDAY, None, "")),
        ("Fri the supplier is late", Named(FRIDAY, None, "the supplier is late")),
        ("friday, 14 people are away", Named(FRIDAY, None, "14 people are away")),
        ("to friday 14:30 the supplier is late", Named(FRIDAY, time(14, 30), "the supplier is late")),
        ("until next Monday at 9:00: holiday", Named(date(2026, 3, 9), time(9), "holiday")),
        ("tomorrow", Named(date(2026, 3, 3), None, "")),
        ("2026-12-24", Named(date(2026, 12, 24), None, "")),
        ("24 Dec the books are closed", Named(date(2026, 12, 24), None, "the books are closed")),
        ("December 24th, 14 people are away", Named(date(2026, 12, 24), None, "14 people are away")),
        ("2 March", Named(MONDAY, None, "")),
        ("1 mar 14:30 late", Named(date(2027, 3, 1), time(14, 30), "late")),
        ("Feb 29 2028 leap", Named(date(2028, 2, 29), None, "leap")),
        ("to 29 february 2028 at 9:00", Named(date(2028, 2, 29), time(9), "")),
        ("in 3 weeks: the supplier is late", Named(date(2026, 3, 23), None, "the supplier is late")),
        ("in 1 day", Named(date(2026, 3, 3), None, "")),
        ("in 12 months", Named(date(2027, 3, 2), None, "")),
    ],
)
def test_a_day_is_read_with_its_time_and_the_words_behind(text, found):
    assert named(text, MONDAY) == found


def test_in_a_month_is_its_last_day_where_it_has_no_such_day():
    assert named("in 1 month", date(2028, 1, 31)) == Named(date(2028, 2, 29), None, "")
    assert named("in 12 months", date(2028, 2, 29)) == Named(date(2029, 2, 28), None, "")
    assert named("29 feb", date(2028, 2, 29)) == Named(date(2028, 2, 29), None, "")
    assert named("29 feb", date(2027, 3, 1)) == Named(date(2028, 2, 29), None, "")


@pytest.mark.parametrize("text", ["29 Feb later", "31 June x", "Feb 29 2027 x", "0 May", "30 february", "24 Dec 2300"])
def test_a_day_that_its_month_has_not_is_told_and_not_another_one_taken(text):
    assert named(text, MONDAY) is None
    assert impossible(text, MONDAY)
    assert text.startswith(impossible(text, MONDAY))


@pytest.mark.parametrize(
    "text", ["marching in 3 steps", "may be late", "in 3 steps", "decide in 2", "12 people may go"]
)
def test_words_that_look_like_a_month_are_words(text):
    assert named(text, MONDAY) is None
    assert impossible(text, MONDAY) == ""


@pytest.mark.parametrize("text", ["", "the supplier is late", "to", "2026-02-30", "on a Friday", "fr"])
def test_words_that_begin_with_no_day_name_none(text):
    assert named(text, MONDAY) is None


@pytest.mark.parametrize("text", ["friday 25:00 late", "to 2026-03-29 24:00", "tomorrow 9:75 x", "on Monday at 99:99"])
def test_a_time_that_is_none_is_not_passed_over(text):
    assert named(text, MONDAY) is None
    assert impossible(text, MONDAY).split()[-1] in text


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("in 999 months: the archive", date(2150, 1, 1), "in 999 months"),
        ("in 1 week", date(2199, 12, 30), "in 1 week"),
        ("in 999 weeks x", date(2199, 1, 1), "in 999 weeks"),
        ("tomorrow", date(2199, 12, 31), ""),
    ],
)
def test_no_day_is_beyond_the_last_year_however_it_is_said(text, today, day):
    assert named(text, today) is None
    assert impossible(text, today) == day
    assert named(text, MONDAY)
