"""Words that lists of all nouns understand, in any combination."""

from itertools import permutations

import pytest

from bot.rules.action import list_filter as actions
from bot.rules.audit import list_filter as audits
from bot.rules.audit.flow import FindingKind
from bot.rules.change import list_filter as changes
from bot.rules.change.flow import ChangeState
from bot.rules.complaint import list_filter as complaints
from bot.rules.configuration_item import list_filter as items
from bot.rules.document import list_filter as documents
from bot.rules.incident import list_filter as incidents
from bot.rules.management_review import list_filter as meetings
from bot.rules.policy.policy import parse
from bot.rules.problem import list_filter as problems
from bot.rules.record.list_filter import as_words
from bot.rules.register import list_filter as registers
from bot.rules.request import list_filter as requests
from bot.rules.review import list_filter as reviews

SERVICES = {"vpn": "VPN"}
READS = {
    "action": actions.read,
    "audit": audits.audits,
    "change": lambda typed: changes.read(typed, SERVICES),
    "complaint": complaints.read,
    "document": documents.read,
    "finding": audits.findings,
    "ci": lambda typed: items.read(typed, ()),
    "incident": lambda typed: incidents.read(typed, parse("")),
    "management review": meetings.read,
    "problem": lambda typed: problems.read(typed, SERVICES),
    "register": lambda typed: registers.read(typed, ()),
    "request": lambda typed: requests.read(typed, ()),
    "review": reviews.read,
}


@pytest.mark.parametrize("noun", READS)
def test_open_closed_all_and_mine_are_understood_by_each(noun: str) -> None:
    read = READS[noun]
    for words in permutations(("open", "closed", "mine"), 2):
        assert read(" ".join(words)) == read(" ".join(reversed(words)))
    assert set(read("open closed").states) >= {*read("open").states, *read("closed").states}
    assert set(read("all").states) >= set(read("open closed").states)
    assert read("my open").mine


@pytest.mark.parametrize("noun", READS)
def test_words_in_quotes_of_any_language_and_commas_are_understood_by_each(noun: str) -> None:
    read = READS[noun]
    for said in (
        "“two words”",
        "„two words“",
        "«two words»",
        '"two words"',
        "‘two words’",
        "'two words'",
        "„two words”",
    ):
        assert read(f"mine,{said}, open") == read('open mine "two words"'), said
    assert read("mine “it's”").words == ("it's",)


@pytest.mark.parametrize("noun", READS)
def test_many_words_in_quotes_are_looked_for_as_one(noun: str) -> None:
    """Of 2,000 conditions no database makes a statement."""
    assert READS[noun]('"slow" ' * 2_000).words == (" ".join(["slow"] * 2_000),)


def test_words_of_ones_own_are_one_filter_whatever_quotes_they_have() -> None:
    assert reviews.read(as_words(" the “VPN” of «Rome» ")).words == ("the VPN of Rome",)
    assert as_words("  “” ") == ""


OPENING = {
    "action": actions.is_filter,
    "change": lambda typed: changes.is_filter(typed, SERVICES),
    "incident": lambda typed: incidents.is_filter(typed, SERVICES),
    "problem": lambda typed: problems.is_filter(typed, SERVICES),
}
"""Where words that are no list open a form."""


@pytest.mark.parametrize("noun", OPENING)
def test_a_list_with_words_that_are_none_is_refused_and_a_title_is_none(noun: str) -> None:
    for typed in ("open closed zzz", "mine @agent open", "2 3", "mine open zzz yyy", "zzz", "mine,zzz"):
        assert OPENING[noun](typed), typed
    for typed in ("of printers is empty", "the owners of the service", "of 3 machines", "of all open ports is wrong"):
        assert not OPENING[noun](typed), typed


def test_a_service_whose_name_has_a_comma_is_one() -> None:
    services = {"laptops": "Laptops, accounts"}
    assert changes.read("mine Laptops, accounts", services).service == "laptops"
    assert changes.read("“Laptops, accounts”".strip("“”"), services).service == "laptops"


def test_states_are_listed_by_what_cards_call_them() -> None:
    assert READS["change"]("mine approved").states == {ChangeState.SCHEDULED}
    assert READS["change"]("waiting approved").states == {ChangeState.AUTHORISE, ChangeState.SCHEDULED}
    assert requests.read("fulfilled", ()) == requests.read("done", ())
    assert changes.is_filter("mine open rejected", SERVICES), "refused, and no title"
    assert not changes.is_filter("the owners of the VPN", SERVICES)


def test_findings_are_listed_by_kind() -> None:
    assert audits.findings("open major minor").kinds == (FindingKind.MAJOR, FindingKind.MINOR)


@pytest.mark.parametrize("name", ["'s-Gravenhage", "Users'", "l'équipe", 'The "big" printer', "E-mail, calendar"])
def test_a_service_is_found_by_its_name_whatever_marks_that_has(name: str) -> None:
    services = {"it": name, "vpn": "VPN"}
    for typed in (name, f"open {name}", f"{name} mine", f"open, {name}, mine"):
        assert changes.read(typed, services).service == "it", typed
        assert problems.read(typed, services).service == "it", typed
        assert changes.is_filter(typed, services)


def test_an_apostrophe_within_quotes_ends_nothing() -> None:
    for typed in ("mine 'can't print' open", "mine ‘can’t print’ open"):
        assert reviews.read(typed).words == (typed[6:17],)


@pytest.mark.parametrize("sentence", ["is open in the browser", "in the list P1 is late", "of printers is empty"])
def test_a_sentence_about_a_list_is_reported(sentence: str) -> None:
    assert not incidents.is_filter(sentence, SERVICES)
    assert incidents.is_filter("in progress, P1", SERVICES)
    assert incidents.read("In  progress", parse("")).states == incidents.read("in-progress", parse("")).states
