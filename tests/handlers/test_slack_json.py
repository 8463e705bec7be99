"""JSON for Slack: what is written is what Python's own writes, and a length is never said to be less than it is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from json import JSONDecodeError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks import slack_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Named(StrEnum):
    ONE = "one"


@dataclass
class Plain:
    name: str


@given(JSON)
def test_what_is_written_is_read_as_it_was(value):
    assert json.loads(slack_json.written(value)) == json.loads(json.dumps(value))
    assert slack_json.read(slack_json.written(value)) == value


@given(JSON, st.integers(0, 200))
def test_no_length_is_said_to_be_less_than_it_is(value, bound):
    exact, said = len(json.dumps(value)), slack_json.length(value, exact_above=bound)
    assert exact <= said
    assert (exact <= bound) == (said <= bound)


@pytest.mark.parametrize("value", [{Named.ONE: Named.ONE}, ("a", ["b"]), {1: "one"}, "half \ud800 of one"])
def test_what_python_takes_is_taken(value):
    assert json.loads(slack_json.written(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [Plain("a"), datetime(2026, 3, 4, tzinfo=UTC), {"a": object()}])
def test_what_json_has_no_word_for_is_refused(value):
    with pytest.raises(TypeError):
        slack_json.written(value)


@pytest.mark.parametrize("text", ['"\\ud800"', "NaN", "Infinity", '{"a": 1', b"\xff", ""])
def test_what_is_no_json_is_what_python_says_of_it(text):
    with pytest.raises(JSONDecodeError):
        slack_json.read(text)
