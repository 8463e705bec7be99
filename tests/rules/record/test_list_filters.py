"""Lists of all nouns are filtered alike: in any combination, with services by their names, and “my” for “mine”."""

from typing import Any

import pytest

from bot.rules.action import list_filter as actions
from bot.rules.action.flow import ActionState
from bot.rules.audit import list_filter as audits
from bot.rules.complaint import list_filter as complaints
from bot.rules.complaint.flow import ComplaintState
from bot.rules.configuration_item import list_filter as items
from bot.rules.document import list_filter as documents
from bot.rules.document.flow import DocumentState
from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import parse
from bot.rules.problem import list_filter as problems
from bot.rules.problem.flow import OPEN, ProblemState
from bot.rules.record.list_filter import joined
from bot.rules.record.refusals import Refusal
from bot.rules.register import list_filter as entries
from bot.rules.request import list_filter as requests
from bot.rules.request.flow import OPEN as REQUESTED
from bot.rules.request.flow import RequestState
from bot.rules.review import list_filter as reviews
from bot.rules.review.flow import OWED

SERVICES = {key: service.name for key, service in parse("").services.items()}


@pytest.mark.parametrize("typed", ["vpn P1", "vpn mine", "Payroll system P3", "mine vpn open", "vnp P1", "", "mine"])
def test_a_problem_list_takes_services_by_name_beside_other_words(typed: str) -> None:
    assert problems.is_filter(typed, SERVICES)


@pytest.mark.parametrize("typed", ["of printers is empty", "vpn is not up to date", "the P1 problems of March"])
def test_a_title_is_no_list(typed: str) -> None:
    assert not problems.is_filter(typed, SERVICES)


def test_a_long_list_of_words_is_looked_through_once() -> None:
    """Words of services are put together as far as a name is long: a text of thousands is refused at once."""
    assert list(joined(["a"] * 3000, SERVICES)) == ["a"] * 3000


def test_filters_are_read_in_any_combination() -> None:
    found = problems.read("Payroll system my P2 closed open", SERVICES)
    assert (found.service, found.mine, found.priorities) == ("payroll", True, {Priority.P2})
    assert found.states == OPEN | {ProblemState.CLOSED}
    assert requests.read("my open closed", {}).states == REQUESTED | {RequestState.CLOSED}
    assert requests.read("my", {}).mine
    assert actions.read("my late").mine
    assert reviews.read("open my").states == frozenset(OWED)
    assert items.read("my all", {}).mine
    assert actions.is_filter("open closed my")
    assert {ActionState.OPEN, ActionState.VERIFIED} <= set(actions.read("open closed").states)
    assert audits.findings("my 8.6.1").mine
    assert documents.read("my closed").states == {DocumentState.WITHDRAWN}
    assert entries.read("risk my open", ["risk"]).register == "risk"
    assert complaints.read("answered closed").states == {ComplaintState.ANSWERED, ComplaintState.CLOSED}


@pytest.mark.parametrize(
    "read",
    [
        actions.read, audits.audits, audits.findings, complaints.read, documents.read, reviews.read,
        lambda typed: entries.read(typed, ["risk"]), lambda typed: items.read(typed, ["server"]),
        lambda typed: problems.read(typed, {}), lambda typed: requests.read(typed, {}),
    ],
)  # fmt: skip
def test_every_list_understands_words_in_quotes_states_and_flags_in_any_order(read: Any) -> None:
    ways = [read(typed) for typed in ('"vpn" my open “a b”', 'OPEN "vpn" “a b” Mine', '"vpn" open “a b” my mine')]
    assert ways[0] == ways[1] == ways[2]
    assert (ways[0].words, ways[0].mine) == (("vpn", "a b"), True)
    assert set(read("all").states) > set(read("open").states)
    with pytest.raises(Refusal):
        read("gibberish")


@pytest.mark.parametrize("noun", [actions, audits, complaints, documents, entries, items, problems, requests, reviews])
def test_a_flag_alone_is_hardly_a_title(noun: object) -> None:
    assert noun.is_nothing_else("mine")
    assert noun.is_nothing_else("my")
    assert not noun.is_nothing_else("mine the logs")
    assert not noun.is_nothing_else("")
