"""How much everybody is on call, in words."""

import pytest

from bot.rules.on_call.load import Load, in_words


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (Load("U1", 2, 336.02, 125.98, 96.0, 0.0), "336 hours in 2 shifts, 126 at night, 96 at weekends"),
        (Load("U1", 1, 1.0, 0.0, 0.0, 0.25), "1 hour in 1 shift, 0.2 on public holidays"),
        (Load("U1", 1, 2.52, 0.0, 0.0, 0.0), "2.5 hours in 1 shift"),
    ],
)
def test_minutes_are_said_of_short_turns_alone(load: Load, said: str) -> None:
    assert in_words(load) == said
