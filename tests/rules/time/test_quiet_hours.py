"""What can wait is said in the day of who hears it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.rules.time.quiet_hours import told_at


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        ("2026-03-02 09:00", "UTC", "2026-03-02 09:00"),
        ("2026-03-02 07:59", "UTC", "2026-03-02 08:00"),
        ("2026-03-02 18:00", "UTC", "2026-03-03 08:00"),
        ("2026-03-06 18:00", "UTC", "2026-03-09 08:00"),
        ("2026-03-07 12:00", "UTC", "2026-03-09 08:00"),
        ("2026-03-08 23:30", "UTC", "2026-03-09 08:00"),
        ("2026-03-02 09:00", "America/New_York", "2026-03-02 13:00"),
        ("2026-03-02 22:30", "Asia/Tokyo", "2026-03-02 23:00"),
        # The clocks change on that Sunday.
        ("2026-03-27 20:00", "Europe/Berlin", "2026-03-30 06:00"),
    ],
)
def test_what_can_wait_is_said_in_the_day_of_who_hears_it(at: str, zone: str, said: str) -> None:
    heard = told_at(datetime.fromisoformat(at).replace(tzinfo=UTC), ZoneInfo(zone))
    assert heard == datetime.fromisoformat(said).replace(tzinfo=UTC)
