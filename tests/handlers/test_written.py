"""Texts that are kept as Markdown are read in Slack, whose own marks are others."""

import pytest

from handlers.blocks import kit


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("# Policy\n\nWe keep it.\n\n## Who & why", "*Policy*\n\nWe keep it.\n\n*Who &amp; why*"),
        ("### The *bold* one ##", "*The bold one*"),
        ("#1 is no heading, nor is #", "#1 is no heading, nor is #"),
        ("Item #3\n####### seven", "Item #3\n####### seven"),
        ("# <!channel>", "*&lt;!channel&gt;*"),
        ("", ""),
    ],
)
def test_headings_are_bold_and_all_else_is_as_it_was(kept, shown):
    assert kit.written(kept) == shown
