"""Whose vote is waited for is said as the rule has it: any of some, so many of them, or all who are left."""

import pytest

from bot.rules.approval.voting import Outcome, Standing
from handlers.blocks import holder


@pytest.mark.parametrize(
    ("needs", "approved", "left", "said"),
    [
        (1, 0, ("U1", "U2"), "one of <@U1>, <@U2>"),
        (2, 0, ("U1", "U2", "U3"), "2 of <@U1>, <@U2>, <@U3>"),
        (3, 1, ("U1", "U2"), "<@U1>, <@U2>"),
        (1, 0, ("U1",), "<@U1>"),
        (1, 0, tuple(f"U{n}" for n in range(7)), "one of <@U0>, <@U1>, <@U2>, <@U3>, <@U4> and 2 more"),
    ],
)
def test_one_of_two_is_not_said_to_be_both(needs: int, approved: int, left: tuple[str, ...], said: str) -> None:
    assert holder.awaited(Standing(Outcome.WAITING, 1, approved, needs, left)) == said
