"""Until when an approval must be given."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.approval.voting import due_by

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens", "closes", "due"),
    [
        pytest.param(30 * HOUR, 31 * HOUR, 8 * HOUR, id="it expires first"),
        pytest.param(2 * HOUR, 3 * HOUR, 2 * HOUR, id="the window opens first"),
        pytest.param(8 * HOUR, 9 * HOUR, 8 * HOUR, id="both at once"),
        pytest.param(-HOUR, HOUR, HOUR, id="taken back in the window"),
        pytest.param(0 * HOUR, 2 * HOUR, 2 * HOUR, id="taken back as it opens"),
        pytest.param(-HOUR, 20 * HOUR, 8 * HOUR, id="taken back in a long window"),
        pytest.param(-3 * HOUR, -HOUR, -HOUR, id="over already"),
    ],
)
def test_an_approval_is_due_before_the_window_opens(opens, closes, due) -> None:
    assert due_by(NOW, 8 * HOUR, (NOW + opens, NOW + closes)) - NOW == due


def test_without_a_window_it_expires() -> None:
    assert due_by(NOW, 8 * HOUR, None) == NOW + 8 * HOUR
