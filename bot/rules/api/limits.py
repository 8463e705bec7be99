"""How often a token may ask: a bucket that fills with time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    per_minute: int = 600
    burst: int = 100
    """How many at once, after a pause."""

    @property
    def fills_in(self) -> int:
        """Seconds until an empty bucket is full again."""
        return max(1, self.burst * 60 // self.per_minute)


@dataclass
class Bucket:
    """Times are seconds of any clock that never goes back."""

    limits: Limits
    left: float
    at: float

    @classmethod
    def full(cls, limits: Limits, now: float) -> "Bucket":
        return cls(limits, limits.burst, now)

    def take(self, now: float) -> float:
        """0 where the request may be answered, else the seconds until the next may."""
        rate = self.limits.per_minute / 60
        self.left = min(self.limits.burst, self.left + (now - self.at) * rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / rate
        self.left -= 1
        return 0.0
