"""What is said of a record stands behind its title, whatever mark the title ends with."""

import pytest

from handlers.blocks import kit


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("VPN is down", "VPN is down:"),
        ("What has lapsed is renewed.", "What has lapsed is renewed."),
        ("*Is it so?*", "*Is it so?*"),
        ("Cut here…", "Cut here…"),
        ("", ":"),
    ],
)
def test_a_title_that_ends_as_a_sentence_does_has_no_colon_behind_its_mark(title: str, said: str) -> None:
    assert kit.colon(title) == said
