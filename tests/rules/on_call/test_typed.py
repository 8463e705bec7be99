"""Times of a turn as people type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.rules.on_call.typed import span
from bot.rules.record.refusals import Refusal

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
"""A Wednesday, four days before the clocks go forward."""


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("from 2026-04-01 09:00 to 2026-04-02 09:00", "2026-04-01T08:00", "2026-04-02T08:00", ""),
        ("2026-04-01T09:00 until 2026-04-02", "2026-04-01T08:00", "2026-04-01T23:00", ""),
        ("from Friday 18:00 to Monday 9:00 because of a fair", "2026-03-27T18:00", "2026-03-30T08:00", "of a fair"),
        ("now to 18:00 dentist", "2026-03-25T12:00", "2026-03-25T18:00", "dentist"),
        ("until tomorrow 09:00", "2026-03-25T12:00", "2026-03-26T09:00", ""),
        ("from 18:00 to 9:00", "2026-03-25T18:00", "2026-03-26T09:00", ""),
        ("from tomorrow at 9:00 for 4 hours, exam", "2026-03-26T09:00", "2026-03-26T13:00", "exam"),
        ("from 24 Dec to 27 Dec Christmas", "2026-12-24T00:00", "2026-12-27T00:00", "Christmas"),
        ("April 1st 9:00 until 2 april at 9:00, a fair", "2026-04-01T08:00", "2026-04-02T08:00", "a fair"),
        ("in 2 weeks for 2 days", "2026-04-07T23:00", "2026-04-09T23:00", ""),
        ("next week", "2026-03-29T23:00", "2026-04-05T23:00", ""),
        ("this week", "2026-03-25T12:00", "2026-03-29T23:00", ""),
        ("from 2026-03-29T01:30+00:00 to 2026-03-29 09:00", "2026-03-29T01:30", "2026-03-29T08:00", ""),
    ],
)
def test_a_span_is_read_by_the_clocks_of_the_reader(text: str, since: str, until: str, words: str) -> None:
    read = span(text, LONDON, NOW)
    assert (f"{read.since:%Y-%m-%dT%H:%M}", f"{read.until:%Y-%m-%dT%H:%M}", read.words) == (since, until, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from 2026-03-29 01:30 to 2026-03-29 09:00", "is skipped by the clocks of Europe/London"),
        ("from 2026-10-25 00:30 to 2026-10-25 01:30", "is shown twice by the clocks of Europe/London"),
        ("from 2026-04-02 09:00 to 2026-04-01 09:00", "ends before it begins"),
        ("from 2026-03-01 09:00 to 2026-03-02 09:00", "has passed"),
        ("from 2026-04-01 09:00 to 2028-04-01 09:00", "A year at the most"),
        ("from 2026-04-01 09:00", "I cannot read"),
        ("from 2026-02-30 09:00 to 2026-04-01", "I cannot read"),
        ("from 25:00 to 26:00", "I cannot read"),
        ("from 31 April to 2 May", "I cannot read"),
        ("from 9999-12-31 09:00 to 9999-12-31 10:00", "I cannot read"),
        ("whenever", "I cannot read"),
        ("", "I cannot read"),
    ],
)
def test_what_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        span(text, LONDON, NOW)
    assert said in caught.value.sentence
