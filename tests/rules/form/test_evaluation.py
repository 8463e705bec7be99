"""One evaluation: for any form and any answers, what is drawn, what is asked for and what is kept agree."""

import json

import pytest
from form_search import FILE, GIVEN, GOOD, KNOWN, OPTIONS, filled_in, forms
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.rules.form import checks
from bot.rules.form.evaluation import EMPTY, begun, deciding, differences, evaluate
from bot.rules.form.files import MOST_BYTES, UNREAD, SentFile, spelled
from bot.rules.form.questions import BadAnswer, Question, QuestionType, checked


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(filled_in())
def test_what_is_hidden_is_never_required_never_kept_and_never_shown(both):
    form, typed = both
    found = evaluate(form, typed, KNOWN)
    shown = set(found.ids)
    assert set(found.answers) <= shown
    assert set(found.faults) <= shown
    assert set(found.answers).isdisjoint(found.faults)
    for one in form:
        asked = one.condition is None or one.condition.holds(found.answers)
        assert (one.id in shown) is asked  # by what is kept, and by nothing else
    required = {one.id for one in found.shown if one.required}
    assert required <= {*found.answers, *found.faults}
    assert {one.id for one in found.kept(KNOWN)} == set(found.answers)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(filled_in())
def test_what_was_kept_asks_the_same_again(both):
    """What is sent is drawn, validated and kept as the same form; what was hidden when it was typed makes no odds."""
    form, typed = both
    found = evaluate(form, typed, KNOWN)
    if not found.faults:
        again = evaluate(form, found.answers, KNOWN)
        assert again == found
        stored = json.loads(json.dumps([[one.id, one.answer] for one in found.kept(KNOWN)]))
        assert [one for one, _ in stored] == [id_ for id_ in found.ids if id_ in found.answers]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(forms(), st.data())
def test_a_question_that_is_asked_is_one_that_can_be_reached(form, data):
    typed = {one.id: data.draw(GIVEN) for one in form}
    found = evaluate(form, typed, KNOWN)
    if not found.faults:
        assert all(checks.reachable(form, one) for one in found.shown)


def test_an_answer_to_what_is_hidden_counts_for_nothing():
    form = [
        Question(id="need", asks="What?", type="choice", options=OPTIONS, required=True),
        Question(id="loan", asks="A loan?", type="yes or no", when={"need": "A"}),
        Question(id="until", asks="Until when?", type="date", required=True, when={"loan": True}),
    ]
    typed = {"need": "A", "loan": "yes", "until": None}
    assert evaluate(form, typed, KNOWN).faults == {"until": EMPTY}
    changed = evaluate(form, typed | {"need": "B"}, KNOWN)
    assert (changed.ids, changed.answers, changed.faults) == (("need",), {"need": "B"}, {})
    assert deciding(form) == {"need", "loan"}


def test_a_default_stands_until_somebody_empties_it():
    form = [Question(id="urgent", asks="Urgent?", type="yes or no", default=False)]
    assert begun(form, {}) == {"urgent": "no"}
    assert begun(form, {"urgent": None}) == {"urgent": None}


@pytest.mark.parametrize(
    ("kind", "more", "typed", "kept"),
    [
        ("text", {}, "  two\nlines ", "two lines"),
        ("long text", {}, "two\nlines", "two\nlines"),
        ("text", {"most": 3}, "four", BadAnswer),
        ("text", {}, "\u2800", None),
        ("number", {}, " 4.50", "4.5"),
        ("number", {}, "-0", "0"),
        ("number", {}, "100", "100"),
        ("number", {"least": 2}, "1.9", BadAnswer),
        ("number", {"most": 2}, "2.1", BadAnswer),
        ("number", {}, "NaN", BadAnswer),
        ("number", {}, "1e99", BadAnswer),
        ("date", {}, "2026-02-30", BadAnswer),
        ("time", {}, "9:5", BadAnswer),
        ("time", {}, "09:05", "09:05"),
        ("person", {}, "U0123", "U0123"),
        ("person", {}, "<!channel>", BadAnswer),
        ("people", {"most": 1}, ("U1", "U2"), BadAnswer),
        ("people", {}, ("U11", "U11", "U22"), ("U11", "U22")),
        ("channel", {}, "C0123", "C0123"),
        ("choice", {"options": ["A", "B"]}, "C", BadAnswer),
        ("choice", {"options": ["A", "B"]}, ("A",), BadAnswer),
        ("choices", {"options": ["A", "B"]}, "A", ("A",)),
        ("yes or no", {}, "maybe", BadAnswer),
        ("service", {}, "vpn", "vpn"),
        ("service", {}, "fax", BadAnswer),
        ("configuration item", {}, "CI-1", BadAnswer),
        ("file", {}, "quote.pdf", BadAnswer),
        ("file", {}, FILE, (FILE,)),
        ("file", {"most": 1}, GOOD["file"][1], BadAnswer),
        ("file", {}, FILE.replace("a" * 64, "-"), BadAnswer),
        ("file", {}, FILE.replace(" 12 ", " 10000001 "), BadAnswer),
        ("file", {}, FILE.replace("https", "javascript"), BadAnswer),
    ],
)  # fmt: skip
def test_answers_are_kept_as_their_type_is(kind, more, typed, kept):
    question = Question(id="q", asks="Q?", type=kind, **more)
    if kept is BadAnswer:
        with pytest.raises(BadAnswer):
            checked(question, typed, KNOWN)
    else:
        assert checked(question, typed, KNOWN) == kept


@pytest.mark.parametrize(
    "more",
    [
        {"type": "choice"},
        {"type": "text", "options": ["A"]},
        {"type": "choice", "options": ["A", "A"]},
        {"type": "choice", "options": ["x" * 76]},
        {"type": "choice", "options": [f"Option {one}" for one in range(101)]},
        {"type": "choice", "options": ["A"], "default": "B"},
        {"type": "number", "least": 3, "most": 2},
        {"type": "number", "most": 3, "default": 4},
        {"type": "date", "most": 3},
        {"type": "text", "most": 0},
        {"type": "text", "id": "not"},
        {"type": "text", "asks": "x" * 151},
        {"type": "text", "help": "x" * 301},
        {"type": "text", "requird": True},
        {"type": "file", "default": FILE},
        {"type": "file", "least": 1},
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(more):
    with pytest.raises(ValidationError):
        Question(**({"id": "q", "asks": "Q?"} | more))


def test_answers_of_every_type_can_be_given_and_are_kept():
    assert set(GOOD) == set(QuestionType)
    for kind, answers in GOOD.items():
        question = Question(id="q", asks="Q?", type=kind, options=OPTIONS if kind in ("choice", "choices") else ())
        for answer in answers:
            found = evaluate([question], {"q": answer}, KNOWN)
            assert (found.answers, found.faults) == ({"q": answer}, {})


def test_a_file_is_said_with_what_proves_it():
    sent = SentFile.parse(FILE)
    assert sent.said == f"The quote.pdf (12 bytes, SHA-256 {'a' * 64})"
    assert (
        str(SentFile("F1", "-", 12_000, "https://s.slack.com/x", "a\n<b> ")) == "F1 - 12000 https://s.slack.com/x a <b>"
    )
    assert (spelled(999), spelled(12_300), spelled(1_530_000)) == ("999 bytes", "12 KB", "1.53 MB")
    assert (spelled(999_499), spelled(999_500)) == ("999 KB", "1 MB")


def test_a_file_may_have_the_most_bytes_and_not_one_more():
    assert SentFile("F1", "a" * 64, MOST_BYTES, "https://s.slack.com/x", "a.pdf").fault is None
    assert SentFile("F1", UNREAD, MOST_BYTES + 1, "https://s.slack.com/x", "a.pdf").fault == (
        "“a.pdf” has more than 10 MB, which is the most. Send a smaller one."
    )


def test_what_changed_in_a_form_is_said():
    now = [Question(id="a", asks="New words?", type="text"), Question(id="c", asks="Another?", type="text")]
    told = differences({"a": "Old words?", "b": "Gone?"}, now)
    assert told == ["“Gone?” is no longer asked.", "“Another?” is asked now.", "“Old words?” is now “New words?”."]
