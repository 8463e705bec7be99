"""What `/incident list` understands, what reads alike, and when silence closes."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.rules.business_hours import Calendar
from bot.rules.incident_closing import business_days_after
from bot.rules.incident_filter import Filter, is_filter, read
from bot.rules.incident_flow import IncidentState
from bot.rules.incident_likeness import alike
from bot.rules.incident_refusals import BadFilter, NoSuchService
from bot.rules.policy import parse
from bot.rules.priority import Priority

POLICY = parse("")


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", Filter()),
        ("mine p2", Filter(mine=True, priority=Priority.P2)),
        ("priority P1", Filter(priority=Priority.P1)),
        ("service:VPN unassigned", Filter(service="vpn", unassigned=True)),
        ("in progress", Filter(states=frozenset({IncidentState.IN_PROGRESS}))),
        ("pending closed", Filter(states=frozenset({IncidentState.PENDING, IncidentState.CLOSED}))),
        ('"mail server" age>3d', Filter(words=("mail server",), older_than=timedelta(days=3))),
        ("age >2w", Filter(older_than=timedelta(weeks=2))),
        ("<5h", Filter(younger_than=timedelta(hours=5))),
        ("VPN", Filter(service="vpn")),
        ("due<1h", Filter(due_within=timedelta(hours=1))),
    ],
)
def test_filters_are_read(typed, means):
    assert is_filter(typed)
    assert read(typed, POLICY) == means


@pytest.mark.parametrize("typed", ["of printers is empty", "mine is broken", "P1 please help"])
def test_a_sentence_is_no_filter(typed):
    assert not is_filter(typed)


@pytest.mark.parametrize(
    ("typed", "refused"), [("colour:red", BadFilter), ("broken", BadFilter), ("service:fax", NoSuchService)]
)
def test_what_cannot_be_listed_by_is_named(typed, refused):
    assert is_filter(typed)
    with pytest.raises(refused):
        read(typed, POLICY)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vpn does not work", ["VPN is down"]),
        ("email very slow today", ["Email is slow"]),
        ("printer prints blank pages", []),
        ("VP", []),
    ],
)
def test_summaries_that_read_alike_are_found(typed, found):
    records = [SimpleNamespace(summary=text) for text in ("VPN is down", "Email is slow", "Badge reader on floor 3")]
    assert [one.summary for one in alike(typed, records, most=1)] == found


def test_business_days_leave_out_closed_dates_and_keep_the_time_of_day():
    week = Calendar.of("Europe/London", {day: ["09:00-17:00"] for day in range(5)}, closed=[date(2026, 3, 31)])
    friday = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
    # The clocks go forward on Sunday: three in the afternoon is an hour earlier in UTC.
    assert business_days_after(week, friday, 1) == datetime(2026, 3, 30, 14, 0, tzinfo=UTC)
    assert business_days_after(week, friday, 2) == datetime(2026, 4, 1, 14, 0, tzinfo=UTC)
