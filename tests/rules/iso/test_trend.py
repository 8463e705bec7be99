"""What moved since the quarter before, from what was put on record."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.iso import trend
from bot.rules.iso.assessment import assess
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Status
from bot.rules.iso.evidence import Evidence, Said
from bot.rules.iso.trend import Stood
from bot.rules.report.periods import Period

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
PERIOD = Period(NOW - timedelta(days=365), NOW)


def standing(**said: Status):
    judged = {
        ("4.1", Axis(axis)): Said("4.1", Axis(axis), status, "U1", NOW, NOW.date() + timedelta(days=9), "Seen")
        for axis, status in said.items()
    }
    return [assess(one, Evidence(PERIOD, said=judged), NOW) for one in CLAUSES.values()]


def test_what_is_on_record_is_read_as_it_was_written():
    found = standing(designed=Status.STARTED)
    stood = trend.read(NOW, trend.written(found))
    assert stood.axes == {one.clause.number: dict(one.axes) for one in found}
    assert trend.compared(found, stood) == trend.Trend(NOW, [], [])


def test_better_and_worse_are_told_apart():
    before = trend.read(NOW, trend.written(standing(designed=Status.CONFORMING, works=Status.INCONSISTENT)))
    found = trend.compared(standing(designed=Status.STARTED, works=Status.CONFORMING), before)
    assert [one.says for one in found.better] == ["4.1 works: inconsistent → conforming"]
    assert [one.says for one in found.worse] == ["4.1 designed: conforming → started"]
    assert (found.of("4.1", Axis.WORKS), found.of("4.1", Axis.DESIGNED), found.of("4.2", Axis.DONE)) == ("↑", "↓", "")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        (["2026-04-20", "2026-04-27"], "2026-04-20"),
        (["2025-12-29", "2026-03-30", "2026-04-06"], "2026-03-30"),
        (["2026-03-30", "2026-04-01"], "2026-04-01"),
    ],
    ids=["none", "a young desk: the first", "the last of the quarter before", "at its very end"],
)
def test_it_is_compared_with_the_end_of_the_quarter_before(days, expected):
    known = [Stood(datetime.fromisoformat(one).replace(tzinfo=UTC), {}) for one in days]
    found = trend.to_compare_with(known, NOW)
    assert (f"{found.at:%Y-%m-%d}" if found else None) == expected


def test_the_next_is_a_monday():
    assert trend.next_at(NOW) == datetime(2026, 5, 11, tzinfo=UTC)
    assert trend.next_at(datetime(2026, 5, 11, tzinfo=UTC)) == datetime(2026, 5, 18, tzinfo=UTC)
