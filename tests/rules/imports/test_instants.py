"""Times of other tools: each way of writing, in its zone, and what is not guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.rules.imports.instants import Clock, Order
from bot.rules.imports.ticket import RowFault

BERLIN = Clock(ZoneInfo("Europe/Berlin"))
UTC_CLOCK = Clock(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2016-12-12 15:19:57", "2016-12-12T15:19:57"),
        ("2021-11-03T11:51:13.790Z", "2021-11-03T11:51:13"),
        ("2023-05-04T10:11:12.345+0200", "2023-05-04T08:11:12"),
        ("2023-05-04T10:11:12-05:30", "2023-05-04T15:41:12"),
        ("2024/03/02 08:09", "2024-03-02T08:09:00"),
        ("2024-03-02", "2024-03-02T00:00:00"),
        ("12/Apr/26 3:30 PM", "2026-04-12T15:30:00"),
        ("30/Jul/18 23:33", "2018-07-30T23:33:00"),
        ("04/Mrz/24 12:05 AM", "2024-03-04T00:05:00"),
        ("14 févr. 2024 09:00", "2024-02-14T09:00:00"),
        ("Mar 4, 2024 12:00 PM", "2024-03-04T12:00:00"),
        ("31.12.2023 23:59:59", "2023-12-31T23:59:59"),
        ("25-12-2023 07:00", "2023-12-25T07:00:00"),
        ("12/25/2023 07:00:01", "2023-12-25T07:00:01"),
        ("05/05/2023 07:00", "2023-05-05T07:00:00"),
        ("2024-03-02 10:00 UTC", "2024-03-02T10:00:00"),
        (1709374200, "2024-03-02T10:10:00"),
        (1709374200000, "2024-03-02T10:10:00"),
        ("1709374200", "2024-03-02T10:10:00"),
    ],
)
def test_each_way_of_writing(said, at):
    assert UTC_CLOCK.read(said).replace(microsecond=0) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_time_without_a_zone_is_the_files():
    assert BERLIN.read("2024-07-01 12:00").isoformat() == "2024-07-01T10:00:00+00:00"
    assert BERLIN.read("2024-01-01 12:00").isoformat() == "2024-01-01T11:00:00+00:00"
    # Shown twice: the first showing.
    assert BERLIN.read("2024-10-27 02:30").isoformat() == "2024-10-27T00:30:00+00:00"
    assert [BERLIN.read(nothing) for nothing in ("", None, " ", "-", "0000-00-00 00:00:00", False)] == [None] * 6


def test_the_order_of_day_and_month_is_asked_for():
    assert Clock(ZoneInfo("UTC"), Order.DAY_FIRST).read("02/03/2024 10:00").month == 3
    assert Clock(ZoneInfo("UTC"), Order.MONTH_FIRST).read("02/03/2024 10:00").month == 2
    with pytest.raises(RowFault, match="--day-first or --month-first"):
        UTC_CLOCK.read("02/03/2024 10:00")


@pytest.mark.parametrize(
    ("clock", "said", "why"),
    [
        (Clock(), "2024-01-01 10:00", "--zone"),
        (UTC_CLOCK, "2024-01-01 10:00 CET", "more than one country"),
        (BERLIN, "2024-03-31 02:30", "skipped"),
        (UTC_CLOCK, "2024-02-30 10:00", "no such day"),
        (UTC_CLOCK, "12/Foo/24 10:00", "no month"),
        (UTC_CLOCK, "13:00 PM yesterday", "no way that is known"),
        (UTC_CLOCK, "12/Apr/26 13:30 PM", "no such hour"),
        (UTC_CLOCK, "45321.5", "no way that is known"),
        (UTC_CLOCK, 0, "before 1980"),
        (UTC_CLOCK, float("inf"), "none"),
        (UTC_CLOCK, 10**400, "outside of any calendar"),
        (UTC_CLOCK, "9999-12-31T23:59:59-12:00", "outside of any calendar"),
        (UTC_CLOCK, "0001-01-01T00:00:00+12:00", "outside of any calendar"),
        (UTC_CLOCK, "=TODAY()", "no way that is known"),
    ],
)
def test_what_is_not_guessed(clock, said, why):
    with pytest.raises(RowFault, match=why):
        clock.read(said)
