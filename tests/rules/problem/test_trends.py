"""Trends: against their own base rate, frozen, growing, and back after a dismissal only with new evidence."""

import math
from datetime import UTC, datetime, timedelta

import made_trends
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.policy.policy import parse
from bot.rules.problem.trends import Counts, Happened, Known, Rule, chance, find, settle

NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Rule("service", Counts.SERVICE, 7 * DAY, 4, 0.01)
ALIKE = Rule("alike", Counts.LIKENESS, 7 * DAY, 4, 0.001)


def came(number, days_ago, service="vpn", counts=Counts.SERVICE, text="", private=False):
    return Happened(counts, NOW - days_ago * DAY, f"INC-{number}", service, text=text, private=private)


OLD = came(999, 97, "other")
"""How old the desk is."""


def test_a_desk_that_is_too_young_says_nothing():
    lately = [came(number, number) for number in range(6)]
    assert find(lately, [WEEK], NOW) == []
    assert find([OLD, *lately], [WEEK], NOW) != []


def test_a_chance_is_poissons():
    assert chance(0, 2.0) == 1.0
    assert math.isclose(chance(1, 2.0), 1 - math.exp(-2))
    assert chance(6, 1.2) < 0.002 < chance(4, 1.2)


def test_it_explains_itself_with_what_was_expected():
    before = [came(number, 20 + number * 5) for number in range(15)]
    lately = [came(100 + number, number) for number in range(6)]
    [trend] = find([OLD, *before, *lately], [WEEK], NOW)
    assert trend.says == "6 in 7 days, where 1.2 are usual"
    assert trend.records == tuple(f"INC-{number}" for number in range(105, 99, -1))


def test_a_busy_service_is_not_always_a_trend():
    before = [came(number, 7.5 + number * 0.9) for number in range(99)]
    assert find([*before, *(came(200 + number, number * 0.8) for number in range(8))], [WEEK], NOW) == []
    assert find([came(number, number) for number in range(3)], [WEEK], NOW) == [], "fewer than at_least"


def test_it_is_proposed_once_grows_and_comes_back_only_with_new_evidence():
    lately = [OLD, *(came(number, 6 - number) for number in range(5))]
    [trend] = settle(lately, [WEEK], [], NOW).new
    known = Known("service", frozenset(trend.records), True)
    assert settle(lately, [WEEK], [known], NOW) == settle([], [WEEK], [], NOW), "nothing is new"
    more = [*lately, came(50, 0.1)]
    settled = settle(more, [WEEK], [known], NOW)
    assert not settled.new
    assert set(settled.grown[0].records) == {*trend.records, "INC-50"}
    dismissed = Known("service", frozenset(trend.records), False)
    assert not settle(more, [WEEK], [dismissed], NOW).new, "one more is not enough"
    again = settle([*lately, *(came(60 + number, number * 0.1) for number in range(5))], [WEEK], [dismissed], NOW)
    assert set(again.new[0].records) == {f"INC-{number}" for number in range(60, 65)}


def test_private_and_public_never_meet():
    mixed = [OLD] + [
        came(number, number, counts=Counts.LIKENESS, text="Keys were stolen again", private=number % 2 == 0)
        for number in range(7)
    ]
    trends = find(mixed, [ALIKE], NOW)
    assert [one.private for one in trends] == [True]
    assert all(int(record[4:]) % 2 == 0 for record in trends[0].records)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["vpn", "email"])), max_size=60), st.randoms())
@settings(deadline=None, max_examples=50)
def test_the_order_in_which_it_is_read_changes_nothing(events, shuffled):
    happened = [came(number, ago, service) for number, (ago, service) in enumerate(events)]
    found = find(happened, [WEEK], NOW)
    shuffled.shuffle(happened)
    assert find(happened, [WEEK], NOW) == found
    assert all(one.count >= WEEK.at_least and one.count > one.expected for one in found)


@pytest.mark.slow
def test_planted_clusters_are_found_and_noise_is_not():
    precision, recall = made_trends.judged(range(2))
    assert precision >= 0.8
    assert recall >= 0.8


def test_a_rule_is_taken_away_by_the_policy():
    assert "alike" in parse("").trends
    assert "alike" not in parse("trends.alike = false").trends
    with pytest.raises(Exception, match="counts"):
        parse('[trends.odd]\ncounts = "moon"\nwithin = "7d"\nat_least = 4')
