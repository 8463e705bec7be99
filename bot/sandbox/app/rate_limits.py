"""Rate limits as token buckets on the workspace's clock (Slack: “Rate limits”)."""

import math
from collections.abc import Callable
from datetime import datetime

TIERS = {"Tier 1": 1, "Tier 2": 20, "Tier 3": 50, "Tier 4": 100}
"""Calls a minute of one method by one app in one workspace."""
CHANNEL_BURST = 3
"""Messages a channel takes at once; after that it is one a second."""
POSTS_PER_MINUTE = 300
"""What all channels of a workspace take together: “several hundred messages per minute”."""


class Bucket:
    """`size` tokens at most, `per_second` of them coming back."""

    def __init__(self, size: float, per_second: float, now: datetime) -> None:
        self.size, self.per_second = size, per_second
        self._tokens, self._at = size, now

    def wait(self, now: datetime) -> float:
        """Seconds until there is a token; 0.0 when there is one now."""
        gained = (now - self._at).total_seconds() * self.per_second
        self._tokens, self._at = min(self.size, self._tokens + gained), now
        return max(0.0, (1 - self._tokens) / self.per_second)

    def take(self) -> None:
        self._tokens -= 1


class Limits:
    """All buckets of a workspace. `enabled` may be switched off where a load test wants the app's own limit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.enabled = True
        self._now = now
        self._buckets: dict[str, Bucket] = {}

    def spend(self, method: str, tier: str) -> int | None:
        """Take one call of `method`; seconds to wait (`Retry-After`) when there is none left."""
        a_minute = TIERS.get(tier)
        return self._spend({method: (a_minute, a_minute / 60)}) if a_minute else None

    def post(self, channel: str) -> int | None:
        """Take one message to `channel` and one of the whole workspace's; seconds to wait when refused."""
        return self._spend({f"#{channel}": (CHANNEL_BURST, 1.0), "# all": (POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)})

    def _spend(self, wanted: dict[str, tuple[int, float]]) -> int | None:
        if not self.enabled:
            return None
        now = self._now()
        buckets = [
            self._buckets.setdefault(key, Bucket(size, per_second, now)) for key, (size, per_second) in wanted.items()
        ]
        longest = max(bucket.wait(now) for bucket in buckets)
        if longest > 0:
            return max(1, math.ceil(longest))
        for bucket in buckets:
            bucket.take()
        return None
