"""Commands that miss: taken where they are hardly anything else, asked back where they may be, else left alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.record import refs
from bot.rules.record.refs import Noun
from bot.rules.record.suggestions import TITLES, Grammar, Meant, is_one_edit, meant, misspelled, near

ABOUT = ("", "ack", "resolve", "note", "update", "assign", "priority", "share", "merge", "pend", "role", "start")
WORDS = ("list", "help")


def _takes(text: str) -> bool:
    first, _, rest = text.partition(" ")
    if first == "list":
        return rest in ("", "mine", "P1")
    return text == "help" or text.startswith("INC-") or (first in ABOUT and rest.startswith("INC-"))


WORDED = ("resolve", "note", "update", "assign", "priority", "share", "merge", "pend", "role")
GRAMMAR = Grammar(Noun.INCIDENT, ABOUT, WORDS, _takes, lambda text: text in ("mine", "P1"), worded=WORDED, opens=True)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("resolve 9 Fixed: cache emptied", "resolve INC-9 Fixed: cache emptied"),
        ("note 9 second line", "note INC-9 second line"),
        ("assign 9 @clerk", "assign INC-9 @clerk"),
        ("assign 9 me", "assign INC-9 me"),
        ("priority 9 P1 all of them", "priority INC-9 P1 all of them"),
        ("share 9 @clerk", "share INC-9 @clerk"),
        ("role 20 communications @clerk", "role INC-20 communications @clerk"),
        ("merge 9 12", "merge INC-9 12"),
        ("pend 9 customer which one?", "pend INC-9 customer which one?"),
    ],
)
def test_a_verb_that_hardly_begins_a_report_is_a_command(typed: str, command: str) -> None:
    assert meant(typed, GRAMMAR) == Meant(command, command.split()[1], plain=True)


@given(st.sampled_from(sorted(TITLES)), st.text("abc ", min_size=1).filter(str.strip))
def test_what_titles_begin_with_is_asked_only_where_a_title_may_be_meant(verb: str, words: str) -> None:
    known = Grammar(Noun.ACTION, (verb,), (), bool, lambda _: False, worded=(verb,), opens=True)
    typed = f"{verb} 2 x{words}"
    for opens in (True, False):
        found = meant(typed, replace(known, opens=opens))
        assert found is not None
        assert found.plain is not opens
    unworded = meant(typed, replace(known, worded=(), opens=False))
    assert unworded is not None
    assert not unworded.plain, "it takes no words"


@pytest.mark.parametrize(
    ("typed", "command", "ref"),
    [
        ("lsit", "list", ""),
        ("lsit mine", "list mine", ""),
        ("hlep", "help", ""),
        ("mine", "list mine", ""),
        ("resolv INC-9", "resolve INC-9", ""),
        ("reslove 9 fixed it", "resolve INC-9 fixed it", "INC-9"),
        ("resolv #9", "resolve INC-9", ""),
        ("ack 2 printers are broken", "ack INC-2 printers are broken", "INC-2"),
        ("update 2 laptops", "update INC-2 laptops", "INC-2"),
        ("assign 3 static addresses", "assign INC-3 static addresses", "INC-3"),
        ("share 2 mailboxes", "share INC-2 mailboxes", "INC-2"),
        ("INC-9 is back again", "INC-9", "INC-9"),
        ("the same as inc-9, again", "INC-9", "INC-9"),
        ("undo INC-9", "INC-9", "INC-9"),
    ],
)
def test_what_may_be_a_command_is_asked(typed: str, command: str, ref: str) -> None:
    assert meant(typed, GRAMMAR) == Meant(command, ref)


@pytest.mark.parametrize(
    "typed",
    [
        "", "VPN is down", "shared mailbox is full", "notes are missing", "lists of printers is empty",
        "mines are closed", "start menu is gone", "2 printers are broken", "inc 2024 report is missing",
        "help me with the VPN", "INC-x", "noted in INC-", "CHG-3 broke it",
    ],
)  # fmt: skip
def test_peoples_own_words_are_left_alone(typed: str) -> None:
    assert meant(typed, GRAMMAR) is None


@given(
    st.sampled_from([verb for verb in ABOUT if len(verb) > 3]), st.data(), st.integers(min_value=1, max_value=999_999)
)
def test_every_slip_in_every_verb_is_found(verb: str, data: st.DataObject, number: int) -> None:
    at = data.draw(st.integers(0, len(verb) - 1))
    letter = data.draw(st.sampled_from("qxz"))
    slips = [verb[:at] + verb[at + 1 :], verb[:at] + letter + verb[at:], verb[:at] + letter + verb[at + 1 :]]
    slips += [verb[:at] + verb[at + 1] + verb[at] + verb[at + 2 :]] if at + 1 < len(verb) else []
    slip = data.draw(st.sampled_from([one for one in slips if one != verb]))
    assert is_one_edit(slip, verb)
    assert is_one_edit(verb, slip)
    found = meant(f"{slip} INC-{number}", GRAMMAR)
    assert found is not None
    assert found.text.split()[0] in near(slip, ABOUT)
    assert not found.plain


@given(st.text(max_size=60))
def test_whatever_is_meant_is_a_command_and_nothing_plain_is_without_a_number(typed: str) -> None:
    found = meant(typed, GRAMMAR)
    if found is not None:
        first = found.text.split()[0]
        assert first in (*ABOUT, *WORDS) or first.startswith("INC-")
    assert found is None or not found.plain or found.text.split()[0] in WORDED


@pytest.mark.parametrize("typed", ["resolve #9 it works", "ack #9 please", "INC 9", "#9"])
def test_a_number_with_its_sign_is_no_count(typed: str) -> None:
    assert "INC-9" in refs.spelled_out(typed, Noun.INCIDENT, ABOUT)


@pytest.mark.parametrize(("typed", "command"), [("wlak", "walk"), ("ownr 8.6.1 @clerk", "owner 8.6.1 @clerk")])
def test_a_verb_of_a_table_without_records_is_found_too(typed: str, command: str) -> None:
    assert misspelled(typed, ("walk", "owner"), bool) == Meant(command)
    assert misspelled(typed, ("walk", "owner"), str.isdigit) is None
    assert misspelled("vpn", ("walk", "owner"), bool) is None
