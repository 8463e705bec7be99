"""How a record stands is said in a sentence, “It is closed”: each state of each noun must make one."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum

import pytest

import bot.rules
from bot.rules.major_incident.flow import MajorState
from bot.rules.problem.flow import ProblemState
from bot.rules.record.flow import Flow, stands

NOT_AFTER_IT_IS = {"assessing", "investigating", "cause known", "fix under way", "duplicate", "draft"}
"""Good on a card, between dots; no sentence after “It is”."""

ADJECTIVES = {"waiting", "being", "pending", "standing"}


def _states() -> Iterator[StrEnum]:
    """Of all flows that the rules have."""
    found: dict[type[StrEnum], None] = {}
    for module in pkgutil.walk_packages(bot.rules.__path__, "bot.rules."):
        for flow in vars(importlib.import_module(module.name)).values():
            if isinstance(flow, Flow):
                found |= {type(row.to): None for row in flow.rows}
    for states in found:
        if states is not MajorState:  # Words that a status update begins with, in no sentence.
            yield from states


STATES = sorted(set(_states()), key=lambda one: (type(one).__name__, one))


@pytest.mark.parametrize("state", STATES, ids=lambda one: f"{type(one).__name__}.{one.name}")
def test_each_state_makes_a_sentence(state: StrEnum) -> None:
    said = stands(state)
    assert said.startswith(("It is ", "Its "))
    words = said.removeprefix("It is ")
    assert words not in NOT_AFTER_IT_IS
    assert not words.split()[0].endswith("ing") or words.split()[0] in ADJECTIVES, said
    assert "_" not in said


def test_a_problem_is_not_said_to_be_cause_known() -> None:
    assert stands(ProblemState.KNOWN) == "Its cause is known"
    assert stands(ProblemState.CLOSED) == "It is closed"
