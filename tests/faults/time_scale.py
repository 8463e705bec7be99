"""Scaled time: in a run a second of Slack's lasts a tenth of one, for the relay and for Slack's Retry-After alike.

Only what is counted in seconds of waiting is scaled: the lease, the HTTP time-out, settling, pace, back-off. How long
SQLite waits for a lock, and all that people's clocks say, stays as it is.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Seconds of real time."""

    scale: float = 0.1

    @property
    def lease(self) -> float:
        return 30 * self.scale

    @property
    def http(self) -> float:
        return 10 * self.scale

    @property
    def settle(self) -> float:
        """From a lost answer to the look into the history."""
        return 40 * self.scale

    @property
    def recovery(self) -> float:
        """What is promised for a message that was in flight when its process died."""
        return self.lease + self.settle
