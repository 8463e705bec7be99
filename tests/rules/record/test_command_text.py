"""Verbs, references and words, as people type them."""

import pytest

from bot.rules.record.command_text import Typed, counts_or_names, names_one, nearest, split
from bot.rules.record.refs import Noun

VERBS = ("approve", "approve-if", "back-out", "cancel", "finish", "postpone", "reject", "start", "withdraw")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cancel CHG-1 too risky", Typed("cancel", "CHG-1", "too risky")),
        ("CANCEL chg-1", Typed("cancel", "chg-1", "")),
        ("back-out CHG-12\nit failed", Typed("back-out", "CHG-12", "it failed")),
        ("approve CHG-x looks good", Typed("approve", "CHG-x", "looks good")),
    ],
)
def test_a_verb_a_reference_and_words_are_told_apart(text, parts):
    assert split(text, Noun.CHANGE) == parts


@pytest.mark.parametrize("text", ["", "cancel", "CHG-1", "cancel the CHG-1", "cancel INC-1", "cancel 1", "2 CHG-1"])
def test_what_begins_with_no_verb_and_reference_is_left_alone(text):
    assert split(text, Noun.CHANGE) is None


def test_a_verb_of_two_words_is_found_where_it_is_asked_for():
    assert split("cab  add CHG-1 please", Noun.CHANGE, "cab add") == Typed("cab add", "CHG-1", "please")
    assert split("cab add CHG-1", Noun.CHANGE, "cancel") is None


@pytest.mark.parametrize(
    ("text", "named"), [("aprove CHG-1", True), ("undo chg1 now", True), ("see CHG-new", False), ("a 1", False)]
)
def test_a_well_formed_reference_behind_any_word_is_known(text, named):
    assert (names_one(text, Noun.CHANGE) is not None) is named


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cancel 1 too risky", Typed("cancel", "CHG-1", "too risky")),
        ("cancel #1 too risky", Typed("cancel", "CHG-1", "too risky")),
        ("cancel 1", None),
        ("cancel the 1 too risky", None),
        ("replace 2 printers", None),
    ],
)
def test_a_number_before_words_may_be_a_records(text, parts):
    assert counts_or_names(text, Noun.CHANGE, VERBS) == parts


@pytest.mark.parametrize(
    ("word", "verb"),
    [("aprove", "approve"), ("Canel", "cancel"), ("posptone", "postpone"), ("backout", "back-out")],
)
def test_the_nearest_verb_is_named(word, verb):
    assert nearest(word, VERBS) == verb


def test_of_no_verbs_none_is_near():
    assert nearest("approve", ()) == ""
