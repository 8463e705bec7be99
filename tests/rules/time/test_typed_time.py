"""A day and a time as somebody typed them, by the clocks of a zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.rules.record.refusals import SkippedTime
from bot.rules.time.local_time import typed_time

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_hour_is_that_of_the_zones_clocks_before_and_after_they_change():
    assert typed_time(BERLIN, date(2026, 3, 27), time(22)) == datetime(2026, 3, 27, 21, tzinfo=UTC)
    assert typed_time(BERLIN, date(2026, 3, 30), time(22)) == datetime(2026, 3, 30, 20, tzinfo=UTC)
    assert typed_time(BERLIN, date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), (
        "first of 2"
    )


def test_an_hour_that_the_clocks_skip_is_refused_with_the_next_that_there_is():
    with pytest.raises(SkippedTime, match=r"no 02:30 on Sun 29 Mar 2026: the clocks of Europe/Berlin .* show is 03:00"):
        typed_time(BERLIN, date(2026, 3, 29), time(2, 30))
