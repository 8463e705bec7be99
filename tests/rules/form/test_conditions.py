"""Conditions: what a `when` says, and what of a form can never work."""

import pytest

from bot.rules.form import checks
from bot.rules.form.conditions import BadCondition, read

NEED = {"id": "need", "asks": "What?", "type": "choice", "options": ["A new one", "A repair"], "required": True}
URGENT = {"id": "urgent", "asks": "Urgent?", "type": "yes or no"}
HOW_MANY = {"id": "how-many", "asks": "How many?", "type": "number", "least": 1, "most": 9}
COLOURS = {"id": "colours", "asks": "Which colours?", "type": "choices", "options": ["Red", "Blue"], "most": 1}


def asset(**when):
    return {"id": "asset", "asks": "Which?", "type": "text", "required": True, "when": when}


@pytest.mark.parametrize(
    ("when", "answers", "holds"),
    [
        ({"need": "A repair"}, {"need": "A repair"}, True),
        ({"need": "A repair"}, {"need": "A new one"}, False),
        ({"need": "A repair"}, {}, False),
        ({"need": ["A repair", "A loan"]}, {"need": "A loan"}, True),
        ({"need": "A repair", "urgent": True}, {"need": "A repair", "urgent": "yes"}, True),
        ({"need": "A repair", "urgent": True}, {"need": "A repair", "urgent": "no"}, False),
        ({"colours": "Red"}, {"colours": ("Blue", "Red")}, True),
        ({"how-many": 4.50}, {"how-many": "4.5"}, True),
        ({"not": {"need": "A repair"}}, {}, True),
        ({"or": [{"need": "A loan"}, {"and": [{"urgent": True}, {"not": {"need": "A repair"}}]}]},
         {"urgent": "yes"}, True),
        ({"or": [{"need": "A loan"}, {"urgent": True}]}, {"need": "A repair"}, False),
    ],
)  # fmt: skip
def test_a_condition_is_on_answers(when, answers, holds):
    assert read(when).holds(answers) is holds


@pytest.mark.parametrize("when", [{}, "need", {"or": {}}, {"or": []}, {"not": []}, {"need": []}, {"need": {"a": 1}}])
def test_what_is_no_condition_is_told(when):
    with pytest.raises(BadCondition):
        read(when)


def told(*questions):
    return [(found.where, found.message) for found in checks.faults(list(questions))]


def test_a_sound_form_has_no_faults():
    assert told(NEED, URGENT, HOW_MANY, COLOURS, asset(**{"or": [{"need": "A repair"}, {"how-many": 3}]})) == []


@pytest.mark.parametrize(
    ("questions", "where", "said"),
    [
        ([NEED, asset(ned="A repair")], (1, "when"), "there is no question “ned”; did you mean “need”?"),
        ([NEED, asset(asset="x")], (1, "when"), "on the question itself"),
        ([asset(need="A repair"), NEED], (0, "when"), "“need” is asked later"),
        ([NEED | {"when": {"asset": "x"}}, asset(need="A repair")], (0, "when"), "wait for each other"),
        ([NEED, asset(need="A repairs")], (1, "when"), "no answer that “need” can have; did you mean “A repair”?"),
        ([HOW_MANY, asset(**{"how-many": 12})], (1, "when"), "“12” is no answer that “how-many” can have"),
        ([URGENT, asset(urgent="maybe")], (1, "when"), "“maybe” is no answer"),
        ([NEED, NEED], (1, "id"), "there is a question “need” above already"),
        ([NEED, asset(need="A repair", **{"not": {"need": "A repair"}})], (1, "when"), "can never hold"),
        ([NEED, asset(**{"not": {"need": ["A repair", "A new one"]}})], (1, "when"), "can never hold"),
        ([COLOURS, asset(**{"and": [{"colours": "Red"}, {"colours": "Blue"}]})], (1, "when"), "can never hold"),
        ([NEED, URGENT | {"when": {"need": "A repair"}}, asset(urgent=True, need="A new one")], (2, "when"), "never"),
        ([URGENT | {"type": "person"}, asset(urgent="U1")], (1, "when"), "of the type “person”"),
        ([NEED, asset(**{"or": []})], (1, "when"), "must be a list of tables"),
        ([HOW_MANY | {"id": f"q{one}"} for one in range(81)], (80,), "room for 80 questions"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_told(questions, where, said):
    assert any(place == where and said in message for place, message in told(*questions)), told(*questions)


def test_what_is_empty_only_while_the_form_is_open_leads_nowhere():
    optional = NEED | {"required": False}
    assert told(optional, asset(**{"not": {"need": ["A repair", "A new one"]}})) == []
