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
    ],
)
def test_a_day_is_read_with_its_time_and_the_words_behind(text, found):
    assert named(text, MONDAY) == found


@pytest.mark.parametrize("text", ["", "the supplier is late", "to", "2026-02-30", "on a Friday", "fr"])
def test_words_that_begin_with_no_day_name_none(text):
    assert named(text, MONDAY) is None


@pytest.mark.parametrize("text", ["friday 25:00 late", "to 2026-03-29 24:00", "tomorrow 9:75 x", "on Monday at 99:99"])
def test_a_time_that_is_none_is_not_passed_over(text):
    assert named(text, MONDAY) is None
    assert impossible(text).split()[-1] in text
