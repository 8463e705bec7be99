"""A list's title says of its records what is true of them, and what needs a decision is counted in good English."""

import pytest

from bot.rules.record.refs import Noun
from bot.rules.report.dashboard import DECISIONS
from bot.usecases.report.management_dashboard import Decision
from handlers.records.paging import Query, of_records
from handlers.report.views.management_dashboard import _decision


@pytest.mark.parametrize(
    ("what", "noun", "are_open", "title", "empty"),
    [
        ("entry", Noun.ENTRY, True, "Open entries", "No entry is open."),
        ("document", Noun.DOCUMENT, False, "Documents", "There is no document yet."),
    ],
)
def test_what_is_in_force_or_reported_is_not_called_open(what, noun, are_open, title, empty):
    found = of_records(what, Query(noun), [], 0, 10, are_open=are_open)
    assert (found.title, found.empty) == (title, empty)
    asked = of_records(what, Query(noun, "x"), [], 0, 10, are_open=are_open)
    assert asked.empty.endswith("shows all that are open." if are_open else "shows all.")


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
