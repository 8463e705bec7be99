"""What cells and forms say of a configuration item."""

import pytest

from bot.rules.configuration_item.values import words


@pytest.mark.parametrize("nothing", ["\u3164", " \u200b\u2060 ", "\u2800\u3164", ""])
def test_a_text_that_nobody_can_see_is_nothing(nothing: str) -> None:
    assert words(nothing, lines=False) == ""


def test_what_can_be_seen_keeps_what_holds_it_together() -> None:
    assert words("e\u0301a \u200d b") == "éa \u200d b"
