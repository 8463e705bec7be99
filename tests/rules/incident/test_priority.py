"""Impact and urgency give the priority."""

import pytest

from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import parse

POLICY = parse("")


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("high", "high", "P1"),
        ("high", "medium", "P2"),
        ("medium", "high", "P2"),
        ("high", "low", "P3"),
        ("medium", "medium", "P3"),
        ("low", "high", "P3"),
        ("medium", "low", "P4"),
        ("low", "medium", "P4"),
        ("low", "low", "P5"),
    ],
)
def test_the_shipped_matrix_weighs_impact_and_urgency_alike(impact, urgency, priority):
    assert POLICY.priority(Impact(impact), Urgency(urgency)) is Priority(priority)


def test_a_policy_may_weigh_them_otherwise():
    strict = parse('[priorities.low]\nhigh = "P1"')
    assert strict.priority(Impact.LOW, Urgency.HIGH) is Priority.P1
    assert strict.priority(Impact.LOW, Urgency.LOW) is Priority.P5


def test_people_read_words():
    assert [priority.label for priority in Priority] == ["P1 Critical", "P2 High", "P3 Medium", "P4 Low", "P5 Planning"]
    assert (Impact.HIGH.label, Urgency.LOW.label) == ("High", "Low")
