"""The tree of causes said in three ways, and which known errors read like what is typed."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.incident.priority import Priority
from bot.rules.problem.causes import CauseStatus, bones, contributing, roots, whys
from bot.rules.problem.flow import FLOW, OPEN, ProblemState, ProblemStep, Role
from bot.rules.problem.likeness import keys_of, likeliest, words_of
from bot.rules.problem.list_filter import is_filter, read
from bot.rules.problem.refusals import BadProblemList

C, S, R = CauseStatus.CONFIRMED, CauseStatus.SUPPOSED, CauseStatus.RULED_OUT


@dataclass
class One:
    number: int
    under: int | None
    status: str
    category: str = "Technology"
    statement: str = ""
    evidence: str = ""


TREES = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([C, S, R]), st.sampled_from("AB")), max_size=25).map(
    lambda found: [
        One(at, (above % at) or None, status, category) for at, (above, status, category) in enumerate(found, 1)
    ]
)


@given(TREES)
def test_each_cause_is_said_once_in_each_way_and_below_what_it_explains(tree):
    told = whys(tree)
    assert sorted(one.cause.number for one in told) == [one.number for one in tree]
    depth = {one.cause.number: one.depth for one in told}
    assert all(depth[one.number] == (depth[one.under] + 1 if one.under else 0) for one in tree)
    assert sum(len(those) for those in bones(tree, ["A", "B"]).values()) == len(tree)
    confirmed = [one for one in tree if one.status == C]
    assert sorted(one.number for one in [*roots(tree), *contributing(tree)]) == [one.number for one in confirmed]
    assert bool(roots(tree)) is bool(confirmed)


def test_a_root_is_confirmed_and_nothing_confirmed_explains_it():
    tree = [One(1, None, C), One(2, 1, C), One(3, 2, S), One(4, None, C), One(5, 4, R)]
    assert [one.number for one in roots(tree)] == [2, 4]
    assert [one.number for one in contributing(tree)] == [1]


KNOWN = {
    1: set(keys_of("The VPN drops at night and stays away; tunnel disconnected", ["vpn"])),
    2: set(keys_of("Printing is slow on the third floor", ["network"])),
    3: set(keys_of("VPN asks for a password again", ["vpn"])),
}


@pytest.mark.parametrize(
    ("typed", "service", "best"),
    [
        ("vpn dropped in the night", "vpn", [1]),
        ("my tunnel disconnects", "", [1]),
        ("Printer: it prints slowly", "network", [2]),
        ("VPN", "email", []),
        ("nothing works", "vpn", []),
        (".* or 1=1 %", "vpn", []),
    ],
)
def test_the_likeliest_by_words_and_service(typed, service, best):
    assert likeliest(keys_of(typed, [service]), KNOWN)[: len(best) or 3] == best


@given(st.text(max_size=300), st.text(max_size=20))
def test_whatever_is_typed_is_words_alone(typed, service):
    assert all(word.isalnum() for word in words_of(typed))
    assert set(likeliest(keys_of(typed, [service]), KNOWN)) <= KNOWN.keys()


def test_a_list_is_filtered_in_any_combination():
    services = {"vpn": "VPN", "email": "Email"}
    found = read("mine P1 priority:p2 service:vpn cause-known “at night”", services)
    assert found.mine
    assert found.priorities == {Priority.P1, Priority.P2}
    assert (found.service, found.states, found.words) == ("vpn", {ProblemState.KNOWN}, ("at night",))
    assert read("all", services).states == set(ProblemState)
    assert not is_filter("of printers is empty", services)
    with pytest.raises(BadProblemList):
        read("blue", services)


def test_every_open_problem_can_go_on_and_no_way_leads_out_of_a_duplicate():
    for state in OPEN:
        assert FLOW.legal(state, [Role.WORKER, Role.MANAGER]), state
    assert FLOW.legal(ProblemState.DUPLICATE) == []
    assert FLOW.roles(ProblemStep.ACCEPT) == (Role.MANAGER,)
