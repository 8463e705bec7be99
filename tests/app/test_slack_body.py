"""A body is read as Bolt reads it, whoever wrote it."""

import json
from urllib.parse import unquote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.request.internals import parse_body

from bot.web import slack_body

FORM = "application/x-www-form-urlencoded"
BODIES = (
    "",
    '{"type": "x"}',
    "payload=%7B%7D",
    "payload=%7B%7D&payload=%7B%22a%22%3A1%7D",
    "a=%7B&payload=%7B%7D",
    "command=%2Fincident&text=a+b",
    "text=&command=%2Fincident",
    "text=%C3%A9+%25+%3D&command=%2Fincident",
    "text&command=%2Fincident",
    "text=\u00e9",
    "text=%zz",
    "a=1&a=2",
    "a=b=c",
    "=a",
    "a=1&&b=2",
    "a;b=1",
)


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
@pytest.mark.parametrize("body", BODIES)
def test_every_kind_of_body_is_read_as_bolt_reads_it(body: str, kind: str | None) -> None:
    def of(read: object) -> object:
        try:
            return read(body, kind.partition(";")[0] if kind else None)  # type: ignore[operator]
        except ValueError as fault:
            return type(fault)

    assert of(slack_body.read) == of(parse_body)


def test_a_command_may_have_the_word_payload_in_it() -> None:
    """Bolt takes it for a form's and reads nothing."""
    body = urlencode({"command": "/incident", "text": "The payload is lost", "channel_name": "payload"})
    assert slack_body.read(body, FORM) == {
        "command": "/incident",
        "text": "The payload is lost",
        "channel_name": "payload",
    }


def test_a_form_is_read_quickly_as_slack_writes_it() -> None:
    assert slack_body.unquoted(urlencode({"": "Größe 100 % = “yes”\n+1"})[1:]) == "Größe 100 % = “yes”\n+1"
