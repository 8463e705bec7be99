"""Risk by questionnaire: sums, bands, floors, reasons."""

import pytest

from bot.rules.change.flow import ChangeType, Risk
from bot.rules.change.policy import approval_for
from bot.rules.change.risk import assess
from bot.rules.policy.policy import PolicyFaults, parse

POLICY = parse("")
RULES = POLICY.risk
ALL = list(RULES.questions)


def answered(score, **other):
    return dict.fromkeys(ALL, score) | other


@pytest.mark.parametrize(
    ("answers", "risk", "score"),
    [
        (answered(0), Risk.LOW, 0),
        (answered(1) | {ALL[0]: 0}, Risk.LOW, 7),
        (answered(1), Risk.MEDIUM, 8),
        (answered(2) | {ALL[0]: 1}, Risk.MEDIUM, 15),
        (answered(2), Risk.HIGH, 16),
        (answered(3), Risk.HIGH, 24),
    ],
)
def test_bands_meet_without_a_gap(answers, risk, score):
    told = assess(RULES, answers, "medium")
    assert (told.risk, told.score, told.most, told.assumed) == (risk, score, 24, 0)


def test_no_way_back_on_a_critical_service_is_high_whatever_the_sum():
    told = assess(RULES, answered(0, backout=3), "high")
    assert told.risk is Risk.HIGH
    assert told.reasons[0] == "There is no way back on a critical service."
    assert assess(RULES, answered(0, backout=3), "low").risk is Risk.LOW


def test_a_floor_never_lowers():
    assert assess(RULES, answered(3, tested=3), "high").risk is Risk.HIGH


def test_what_nobody_answered_is_assumed_and_counted():
    told = assess(RULES, {}, "high")
    assert (told.risk, told.score, told.assumed) == (Risk.MEDIUM, 10, 8)
    assert told.reasons == ("How much depends on the service? The business stops without it.",)
    assert assess(RULES, {}, "low").score == 8


def test_the_most_particular_rule_approves():
    rule = 'services = ["payroll"]\nstages = ["all of cab"]\nremind = "1h"\nexpires = "2d"'
    policy = parse(f"[approvals.payroll]\n{rule}")
    for kind, risk, service, key in (
        (ChangeType.NORMAL, Risk.LOW, "vpn", "normal"),
        (ChangeType.NORMAL, Risk.HIGH, "vpn", "high-risk"),
        (ChangeType.EMERGENCY, Risk.HIGH, "vpn", "emergency"),
        (ChangeType.NORMAL, Risk.HIGH, "payroll", "payroll"),
    ):
        assert approval_for(policy.approvals, kind, risk, service)[0] == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[risk]\nhigh = 8", "medium must begin below high"),
        ("[risk]\nhigh = 25", "no later than 24"),
        ('[approvals.normal]\nstages = ["any of cabb"]', 'there is no group “cabb”; did you mean “cab”?'),
        ('[approvals.normal]\nstages = ["50% of cab"]', "never per cent"),
        ('[approvals.normal]\nstages = []', "at least 1 item"),
        ('[approvals.normal]\nstages = ["2 of U0AAA"]', "more votes than it names people"),
        ("approvals.emergency = false", "nobody approves a change of type emergency and low risk"),
        ('[changes]\nbreak_glass = ["oncall"]', "there is no group “oncall”"),
        ("[changes]\nretro = 1", "Did you mean “retroactive”?"),
        ('[risk.floors.x]\nquestion = "nope"\nscores = 3\nrisk = "high"\nbecause = "x"', "there is no question “nope”"),
    ],
)  # fmt: skip
def test_faults_of_a_policy_are_told_with_their_line(text, told):
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    assert any(told in str(one) and "line" in str(one) for one in refused.value.faults), refused.value
