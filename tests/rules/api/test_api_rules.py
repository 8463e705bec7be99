"""Tokens, cursors and rates of the REST API."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.api import cursors, tokens
from bot.rules.api.cursors import BadCursor
from bot.rules.api.limits import Bucket, Limits
from bot.rules.api.tokens import BadScope


@given(st.binary(min_size=32, max_size=32), st.integers(4, 63), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_that_was_mistyped_is_known_without_a_look(secret, place, letter):
    token = tokens.written(secret)
    assert tokens.well_formed(token)
    spoilt = token[:place] + letter + token[place + 1 :]
    assert tokens.well_formed(spoilt) == (spoilt == token)
    assert not tokens.well_formed(token[:-1])


def test_scopes_are_those_that_there_are():
    assert tokens.scopes_of(["incidents:write", "incidents:read", "incidents:read"]) == "incidents:read incidents:write"
    with pytest.raises(BadScope, match="“all” is no scope"):
        tokens.scopes_of(["all"])


@given(st.integers(1, 10**9), st.text(max_size=30))
def test_a_cursor_leads_where_it_was_made_and_nowhere_else(number, what):
    cursor = cursors.written(b"k", what, number)
    assert cursors.read(b"k", what, cursor) == number
    for key, name in ((b"other", what), (b"k", what + "x")):
        with pytest.raises(BadCursor):
            cursors.read(key, name, cursor)


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(BadCursor):
        cursors.read(b"k", "incidents", text)


def test_a_bucket_fills_with_time():
    bucket = Bucket.full(Limits(per_minute=60, burst=2), 0.0)
    assert [bucket.take(0.0), bucket.take(0.0)] == [0.0, 0.0]
    assert bucket.take(0.5) == 0.5
    assert bucket.take(1.0) == 0.0
    assert bucket.take(1000.0) == bucket.take(1000.0) == 0.0
    assert bucket.take(1000.0) == 1.0
