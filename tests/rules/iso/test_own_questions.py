"""The policy's own questions of the gap analysis, and what is wrong with them."""

from datetime import timedelta

import pytest

from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Asked, Axis
from bot.rules.policy.policy import PolicyFaults, parse

OWN = '[gap_analysis.logs]\nclause = "8.6.1"\nasks = "Do engineers log?"\nlapses = "90d"\n'


def test_a_question_counts_for_its_axis_alone():
    one = parse(OWN).gap_analysis["logs"]
    assert (one.key, one.axis, one.lapses) == ("logs", Axis.WORKS, timedelta(days=90))
    asked = CLAUSES["8.6.1"].asking(one.axis, Asked(one.asks, one.key, one.lapses))
    assert [len(asked.criteria(axis)) - len(CLAUSES["8.6.1"].criteria(axis)) for axis in Axis] == [0, 0, 1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('"8.6.1"', '"8.6.9"'), "there is no clause “8.6.9”"),
        (('"90d"', '"900d"'), "no more than 366 days"),
        (('asks = "Do engineers log?"\n', ""), "asks"),
        (("logs]", "works]"), "one of the three axes"),
        (('lapses = "90d"', 'axis = "all"'), "axis"),
    ],
)
def test_what_cannot_be_asked_is_told(changed, said):
    with pytest.raises(PolicyFaults) as refused:
        parse(OWN.replace(*changed))
    assert said in str(refused.value)
