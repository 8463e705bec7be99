"""A list's title says of its records what is true of them."""

import pytest

from bot.rules.record.refs import Noun
from handlers.records.paging import Query, of_records


@pytest.mark.parametrize(
    ("what", "noun", "are_open", "title", "empty"),
    [
        ("entry", Noun.ENTRY, True, "Open entries", "No entry is open."),
        ("document", Noun.DOCUMENT, False, "Documents", "There is no document yet."),
    ],
)
def test_what_is_in_force_or_reported_is_not_called_open(what, noun, are_open, title, empty):
    found = of_records(what, Query(noun), [], 0, 10, are_open=are_open)
    assert (found.title, found.empty) == (title, empty)
    asked = of_records(what, Query(noun, "x"), [], 0, 10, are_open=are_open)
    assert asked.empty.endswith("shows all that are open." if are_open else "shows all.")
