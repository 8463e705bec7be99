"""Words that lists of all nouns understand, in any combination."""

from itertools import permutations

import pytest

from bot.rules.action import list_filter as actions
from bot.rules.audit import list_filter as audits
from bot.rules.audit.flow import FindingKind
from bot.rules.change import list_filter as changes
from bot.rules.change.flow import ChangeState
from bot.rules.complaint import list_filter as complaints
from bot.rules.document import list_filter as documents
from bot.rules.incident import list_filter as incidents
from bot.rules.management_review import list_filter as meetings
from bot.rules.policy.policy import parse
from bot.rules.problem import list_filter as problems
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
    "incident": lambda typed: incidents.read(typed, parse("")),
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


def test_meetings_are_listed_by_their_states_alone() -> None:
    assert meetings.read("open closed") <= meetings.read("all")


def test_states_are_listed_by_what_cards_call_them() -> None:
    assert READS["change"]("mine approved").states == {ChangeState.SCHEDULED}
    assert READS["change"]("waiting approved").states == {ChangeState.AUTHORISE, ChangeState.SCHEDULED}
    assert requests.read("fulfilled", ()) == requests.read("done", ())
    assert changes.is_filter("mine open rejected", SERVICES), "refused, and no title"
    assert not changes.is_filter("the owners of the VPN", SERVICES)


def test_findings_are_listed_by_kind() -> None:
    assert audits.findings("open major minor").kinds == (FindingKind.MAJOR, FindingKind.MINOR)
