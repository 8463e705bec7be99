"""What `/incident list` understands, what reads alike, and when silence closes."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.incident.auto_close import business_days_after
from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.incident.list_filter import Filter, is_filter, is_nothing_else, read
from bot.rules.incident.priority import Priority
from bot.rules.incident.refusals import BadFilter, NoSuchService
from bot.rules.incident.similar import alike
from bot.rules.policy.policy import parse
from bot.rules.time.business_hours import Calendar

POLICY = parse("")
SERVICES = {key: service.name for key, service in POLICY.services.items()}


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", Filter()),
        ("mine p2", Filter(mine=True, priorities=frozenset({Priority.P2}))),
        ("priority P1", Filter(priorities=frozenset({Priority.P1}))),
        ("service:VPN unassigned", Filter(service="vpn", unassigned=True)),
        ("in progress", Filter(states=frozenset({IncidentState.IN_PROGRESS}))),
        ("pending closed", Filter(states=frozenset({IncidentState.PENDING, IncidentState.CLOSED}))),
        ('"mail server" age>3d', Filter(words=("mail server",), older_than=timedelta(days=3))),
        ("age >2w", Filter(older_than=timedelta(weeks=2))),
        ("<5h", Filter(younger_than=timedelta(hours=5))),
        ("VPN", Filter(service="vpn")),
        ("service:vpn P1", Filter(service="vpn", priorities=frozenset({Priority.P1}))),
        ("p2 service:vpn p1", Filter(service="vpn", priorities=frozenset({Priority.P1, Priority.P2}))),
        ("open closed", Filter(states=OPEN | {IncidentState.CLOSED})),
        ("closed open", Filter(states=OPEN | {IncidentState.CLOSED})),
        ("vpn P1", Filter(service="vpn", priorities=frozenset({Priority.P1}))),
        ("vpn mine", Filter(service="vpn", mine=True)),
        ("my payroll system P2", Filter(service="payroll", mine=True, priorities=frozenset({Priority.P2}))),
        ("Laptops & accounts open closed", Filter(service="laptops", states=OPEN | {IncidentState.CLOSED})),
        (
            "in progress vpn age >3d",
            Filter(frozenset({IncidentState.IN_PROGRESS}), service="vpn", older_than=timedelta(days=3)),
        ),
        ("reported all vpn", Filter(frozenset(IncidentState), service="vpn", reported=True)),
        ("due<1h", Filter(due_within=timedelta(hours=1))),
    ],
)
def test_filters_are_read(typed, means):
    assert is_filter(typed)
    assert is_filter(typed, SERVICES)
    assert read(typed, POLICY) == means


@pytest.mark.parametrize("typed", ["of printers is empty", "mine is broken", "P1 please help"])
def test_a_sentence_is_no_filter(typed):
    assert not is_filter(typed, SERVICES)
    assert not is_nothing_else(typed)


@given(st.permutations(["mine", "p1", "vpn", "age>3d", "pending", '"mail server"', "due<1h"]), st.integers(1, 7))
def test_filters_go_together_in_any_order(words, count):
    typed = " ".join(words[:count])
    assert is_filter(typed, SERVICES)
    assert read(typed, POLICY) == read(" ".join(reversed(words[:count])), POLICY)


@pytest.mark.parametrize(
    ("typed", "refused"), [("colour:red", BadFilter), ("broken", BadFilter), ("service:fax", NoSuchService)]
)
def test_what_cannot_be_listed_by_is_named(typed, refused):
    assert is_filter(typed, SERVICES)
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
