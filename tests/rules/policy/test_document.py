"""Where a key stands, what a file changes, and the whole written out."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.policy_format.document import lines, merged, written

TEXT = '''\
# a comment with [brackets] and "quotes"
top = 1

[a.b]          # another
plain = "x # not a comment"
"quoted.key" = 'literal'
long = """
[not.a.table]
key = "value"
"""
list = [
  "one",
  # between
  { deep = true },
]
inline = { x = 1, y = { z = [1, 2] } }
last.dotted = 1979-05-27 07:32:00Z

[[rows]]
k = 1
[[rows]]
k = 2
["quoted"."table"]
k = \'\'\'
a''b\'\'\'
'''


def test_each_key_is_found_on_its_line():
    found = lines(TEXT)
    assert {path: found[path] for path in EXPECTED} == EXPECTED
    assert ("not",) not in found


EXPECTED = {
    ("top",): 2,
    ("a",): 4,
    ("a", "b"): 4,
    ("a", "b", "plain"): 5,
    ("a", "b", "quoted.key"): 6,
    ("a", "b", "long"): 7,
    ("a", "b", "list", 0): 12,
    ("a", "b", "list", 1, "deep"): 14,
    ("a", "b", "inline", "y", "z", 1): 16,
    ("a", "b", "last", "dotted"): 17,
    ("rows", 0, "k"): 20,
    ("rows", 1, "k"): 22,
    ("quoted", "table", "k"): 24,
}


def test_windows_line_ends_change_no_line():
    assert lines(TEXT.replace("\n", "\r\n"))["rows", 1, "k"] == 22


def test_tables_merge_key_by_key_and_lists_are_replaced():
    default = {"t": {"a": 1, "b": [1, 2]}, "u": 5}
    assert merged(default, {"t": {"b": [3]}, "v": 6}, ()) == {"t": {"a": 1, "b": [3]}, "u": 5, "v": 6}


def test_only_an_entry_of_the_default_can_be_taken_away():
    default = {"t": {"a": {"x": 1}, "b": {"x": 2}}}
    assert merged(default, {"t": {"a": False, "c": False}}, ("t",)) == {"t": {"b": {"x": 2}, "c": False}}
    assert merged(default, {"t": {"a": False}}, ()) == {"t": {"a": False, "b": {"x": 2}}}


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
LEAVES = WORDS | st.integers(0, 99) | st.lists(WORDS, max_size=3)
TABLES = st.recursive(
    st.dictionaries(WORDS, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(WORDS, inner | LEAVES, min_size=1, max_size=3),
    max_leaves=8,
)


@given(TABLES)
def test_what_is_written_reads_back_the_same(table):
    assert tomllib.loads(written(table)) == table


@given(TABLES)
def test_every_key_of_any_text_has_a_line(table):
    text = written(table)
    found = lines(text)
    for path in _paths(table):
        assert found[path] <= text.count("\n") + 1


def _paths(table, base=()):
    for key, value in table.items():
        yield (*base, key)
        if isinstance(value, dict):
            yield from _paths(value, (*base, key))
