"""Samples of a verification campaign."""

import pytest

from bot.rules.configuration_item.campaign import drawn, size_of
from bot.rules.configuration_item.refusals import NotAShare

SHARES = [("all", 7, 7), ("", 7, 7), ("10 %", 7, 1), ("100%", 7, 7), ("25", 7, 7), ("3", 7, 3), ("5 %", 0, 0)]


@pytest.mark.parametrize(("typed", "count", "size"), SHARES)
def test_a_share_is_all_a_part_or_a_number(typed: str, count: int, size: int) -> None:
    assert size_of(typed, count) == size


@pytest.mark.parametrize("typed", ["0", "0 %", "101 %", "half", "-3", "1.5 %", "\u0663"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(NotAShare):
        size_of(typed, 10)


def test_a_sample_depends_on_its_seed_and_its_items_alone() -> None:
    numbers = list(range(1, 200))
    first = drawn("Spring", numbers, 20)
    assert first == drawn("Spring", numbers[::-1], 20)
    assert first != drawn("Autumn", numbers, 20)
    assert len(set(first)) == 20
