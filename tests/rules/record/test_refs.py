"""References as people type them."""

import pytest

from bot.rules.record.refs import Noun, Ref, elsewhere, spelled_out
from bot.rules.record.refusals import UnknownReference

VERBS = ("", "ack", "resolve", "cab add")


@pytest.mark.parametrize("typed", ["INC-12", "inc-12", " inc-12 ", "inc12", "Inc 12", "12", "#12"])
def test_a_reference_is_known_however_it_is_typed(typed):
    assert Ref.parse(typed, Noun.INCIDENT) == Ref(Noun.INCIDENT, 12)


@pytest.mark.parametrize(
    "typed", ["", "INC-", "INC-0", "INC-01", "CHG-12", "CHG 12", "inc--1", "-1", "##1", "1.5", "INC-12@3"]
)
def test_what_is_no_reference_is_refused_with_an_example(typed):
    with pytest.raises(UnknownReference, match="INC-12"):
        Ref.parse(typed, Noun.INCIDENT)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ack 12", "ack INC-12"),
        ("ack #12", "ack INC-12"),
        ("ACK inc12", "ACK INC-12"),
        ("resolve inc 12 Restarted 3 nodes", "resolve INC-12 Restarted 3 nodes"),
        ("resolve #2 printer jams", "resolve INC-2 printer jams"),
        ("cab  add 5", "cab  add INC-5"),
        ("12", "INC-12"),
        ("#12", "INC-12"),
        ("inc 12", "INC-12"),
    ],
)
def test_a_number_that_can_only_be_a_records_is_written_out(typed, meant):
    assert spelled_out(typed, Noun.INCIDENT, VERBS) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "ack INC-12",
        "resolve 2 printers are broken",
        "printer 2",
        "Inc 2024 report is missing",
        "12 printers are broken",
        "chg 12",
        "resolve the VPN",
        "ack 1234567890",
        "ack 0",
        "",
    ],
)
def test_everything_else_is_left_as_it_was_typed(typed):
    assert spelled_out(typed, Noun.INCIDENT, VERBS) == typed


def test_a_number_alone_says_nothing_where_no_reference_may_stand_alone():
    assert spelled_out("24", Noun.INCIDENT, ("excuse",)) == "24"


@pytest.mark.parametrize("typed", ["CHG-7", "chg-7", "ack CHG-7", "ack chg 7"])
def test_a_record_of_another_command_is_told_from_words(typed):
    assert elsewhere(typed, Noun.INCIDENT, VERBS) == Ref(Noun.CHANGE, 7)
    assert elsewhere(typed.lower().replace("chg", "std"), Noun.INCIDENT, VERBS) == Ref(Noun.STANDARD, 7)


@pytest.mark.parametrize("typed", ["INC-7", "CHG-7 broke the VPN", "link CHG-7", "7", ""])
def test_what_is_about_no_other_command_is_not(typed):
    assert elsewhere(typed, Noun.INCIDENT, VERBS) is None
