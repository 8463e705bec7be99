"""Periods as an auditor names them."""

from datetime import UTC, datetime

import pytest

from bot.rules.iso.periods import named, shown, spoken
from bot.rules.iso.refusals import NoSuchPeriod


@pytest.mark.parametrize(
    ("typed", "first", "after"),
    [
        ("2026-Q1", (2026, 1, 1), (2026, 4, 1)),
        ("2026-q4", (2026, 10, 1), (2027, 1, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        (" 2026 ", (2026, 1, 1), (2027, 1, 1)),
        ("2026-01-15..2026-01-15", (2026, 1, 15), (2026, 1, 16)),
        ("2024-02-01..2024-02-29", (2024, 2, 1), (2024, 3, 1)),
    ],
)
def test_a_period_begins_on_its_first_day_and_ends_after_its_last(typed, first, after):
    found = named(typed)
    assert found.start == datetime(*first, tzinfo=UTC)
    assert found.end == datetime(*after, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["", "2026-Q5", "2026-13", "2026-00", "Q1", "2026-Q1-2", "2026-01-02..2026-01-01", "9999", "0000", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused_in_a_sentence(typed):
    with pytest.raises(NoSuchPeriod, match="2026-Q1"):
        named(typed)


def test_a_period_is_shown_with_its_last_day():
    assert shown(named("2026-Q1")) == "2026-01-01 to 2026-03-31 (UTC)"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-11", "November 2026"),
        (" 2026-q4 ", "quarter 4 of 2026"),
        ("2026", "2026"),
        ("2026-01-02..2026-01-09", "2026-01-02..2026-01-09"),
        ("no period", "no period"),
    ],
)
def test_a_period_is_said_in_words(typed, said):
    assert spoken(typed) == said
