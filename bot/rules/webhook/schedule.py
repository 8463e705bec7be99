"""When a message is sent again that was not taken: the schedule of Standard Webhooks."""

from datetime import timedelta

AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first try, after the second, and so on; after the last nothing more is tried."""
TRIES = len(AFTER) + 1


def wait(tries: int, mark: str) -> timedelta | None:
    """How long until the next try, after so many; None where that was the last.

    A tenth of it is spread by the message's mark, so that endpoints that failed together are not asked together.
    """
    if tries > len(AFTER):
        return None
    spread = int(mark[:4], 16) / 0xFFFF
    return AFTER[max(tries, 1) - 1] * (1 + spread / 10)
