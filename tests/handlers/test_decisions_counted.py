"""Each thing that needs a decision, said of one and of several."""

import pytest

from bot.rules.report.dashboard import DECISIONS
from bot.usecases.report.management_dashboard import Decision
from handlers.report.views.management_dashboard import _decision

ONE = {
    "*1* incident is past what was promised",
    "*1* request is past what was promised",
    "*1* change waits for approval",
    "*1* change is held by a freeze",
    "*1* change has missed its window",
    "*1* problem has no owner",
    "*1* complaint is escalated",
    "*1* action is late",
    "*1* review is late",
    "*1* finding is late",
}


@pytest.mark.parametrize("one", DECISIONS, ids=lambda one: one[2])
def test_what_needs_a_decision_is_said_of_one_as_of_several(one):
    noun, typed, says = one
    assert _decision(Decision(noun, typed, says, 1)) in ONE
    assert _decision(Decision(noun, typed, says, 2)) == f"*2* {says}"
