"""A body is read as Bolt reads it, whoever wrote it."""

import json
from urllib.parse import unquote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.request.internals import parse_body

from bot.web import slack_body

FORM = "application/x-www-form-urlencoded"


@given(st.text())
def test_what_was_written_for_a_form_is_read_back(said: str) -> None:
    body = urlencode({"payload": json.dumps({"said": said})})
    assert slack_body.read(body, FORM) == {"said": said}


@given(st.text(alphabet="%=+&2Fa0 \n\r_\t;é", max_size=12))
def test_what_nobody_writes_is_read_as_bolt_reads_it_or_left_to_bolt(written: str) -> None:
    found = slack_body.unquoted(written)
    if found is not None:
        assert found == unquote_plus(written)


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", "application/json", None])
@pytest.mark.parametrize(
    "body",
    ["", '{"type": "x"}', "payload=%7B%7D", "payload=%7B%7D&payload=%7B%22a%22%3A1%7D", "command=%2Fpayload&text=a+b"],
)
def test_every_kind_of_body_is_read_as_bolt_reads_it(body: str, kind: str | None) -> None:
    def of(read: object) -> object:
        try:
            return read(body, kind.partition(";")[0] if kind else None)  # type: ignore[operator]
        except ValueError as fault:
            return type(fault)

    assert of(slack_body.read) == of(parse_body)


def test_a_form_is_read_quickly_as_slack_writes_it() -> None:
    assert slack_body.unquoted(urlencode({"": "Größe 100 % = “yes”\n+1"})[1:]) == "Größe 100 % = “yes”\n+1"
