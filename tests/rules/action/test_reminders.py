"""When people are reminded of an action, and when one that repeats is due again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.action.flow import FLOW, ActionState, ActionStep, Role
from bot.rules.action.intervals import Repeat, checked, following, rule_of
from bot.rules.action.list_filter import is_filter, read
from bot.rules.action.policy import Actions
from bot.rules.action.refusals import BadActionList
from bot.rules.action.reminders import Standing, is_for_group, standing, wanted
from bot.rules.time.recurrence import BadRule

TIMES = Actions()
DUE = date(2026, 3, 16)
DAYS = st.integers(-400, 400).map(lambda days: DUE + timedelta(days=days))


def told(today):
    return [(one.on, one.occurrence) for one in wanted(DUE, today, TIMES)]


def test_before_on_the_day_and_each_week_after():
    assert told(date(2026, 3, 1)) == [
        (date(2026, 3, 9), "2026-03-16-7"),
        (date(2026, 3, 15), "2026-03-16-1"),
        (DUE, "2026-03-16+0"),
        (date(2026, 3, 23), "2026-03-16+7"),
    ]
    assert told(date(2026, 3, 15)) == [(DUE, "2026-03-16+0"), (date(2026, 3, 23), "2026-03-16+7")]
    assert told(date(2026, 4, 1)) == [(date(2026, 4, 6), "2026-03-16+21")]


@given(DAYS)
def test_a_next_one_is_always_to_come_and_never_more_than_a_week_away_once_late(today):
    coming = [on for on, _ in told(today)]
    assert coming
    assert all(on > today for on in coming)
    assert coming == sorted(set(coming))
    if today >= DUE:
        assert coming[0] - today <= TIMES.remind_late


@given(DAYS)
def test_who_is_told_on_each_day_misses_none(start):
    """Whoever counts anew after each reminder hears the same as who counts once."""
    first = wanted(DUE, start, TIMES)
    again = wanted(DUE, first[0].on, TIMES)
    assert [one for one in first if one.on > first[0].on] == again[: len(first) - 1]


def test_how_it_stands_and_when_its_group_hears():
    day = timedelta(days=1)
    assert standing(DUE, DUE + day, TIMES) is Standing.LATE
    assert standing(DUE, DUE, TIMES) is Standing.TODAY
    assert standing(DUE, DUE - 7 * day, TIMES) is Standing.SOON
    assert standing(DUE, DUE - 8 * day, TIMES) is Standing.LATER
    assert not is_for_group(DUE, DUE + 6 * day, TIMES)
    assert is_for_group(DUE, DUE + 7 * day, TIMES)


@pytest.mark.parametrize(
    ("repeat", "first", "second", "third"),
    [
        (Repeat.WEEKLY, date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)),
        (Repeat.MONTHLY, date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        (Repeat.QUARTERLY, date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)),
        (Repeat.YEARLY, date(2026, 3, 2), date(2027, 3, 2), date(2028, 3, 2)),
    ],
)
def test_an_interval_falls_on_the_last_day_of_a_month_that_is_too_short(repeat, first, second, third):
    rule = checked(rule_of(repeat, first), first)
    assert following(rule, first, first) == second
    assert following(rule, first, second) == third


def test_an_interval_comes_to_its_end_and_a_rule_that_never_comes_again_is_refused():
    rule = checked("FREQ=WEEKLY;COUNT=2", DUE)
    assert following(rule, DUE, DUE) == DUE + timedelta(days=7)
    assert following(rule, DUE, DUE + timedelta(days=7)) is None
    for wrong in ("FREQ=WEEKLY;COUNT=1", "FREQ=HOURLY", "each quarter", "FREQ=WEEKLY;BYDAY=SU"):
        with pytest.raises(BadRule):
            checked(wrong, DUE)


def test_a_list_is_filtered_in_any_combination():
    found = read("late mine prevent INC-12 “the gateway” done")
    assert (found.late, found.mine, found.group, found.kind, found.parent) == (True, True, False, "prevent", "INC-12")
    assert found.words == ("the gateway",)
    assert found.states == {ActionState.DONE}
    assert is_filter("late mine")
    assert not is_filter("the owners of the VPN")
    with pytest.raises(BadActionList):
        read("yesterday")


def test_nobody_verifies_alone_and_only_managers_drop():
    assert FLOW.roles(ActionStep.VERIFY) == (Role.CHECKER,)
    assert FLOW.roles(ActionStep.DROP) == (Role.MANAGER,)
    assert FLOW.open_to(ActionStep.VERIFY) == {ActionState.DONE}
