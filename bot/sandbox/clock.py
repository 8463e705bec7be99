"""The workspace's clock: it runs in the demo, stands still in tests, and can be moved in both."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Self


class Clock:
    """Aware UTC time that starts at `at` (now, if not given) and runs on unless it is frozen."""

    def __init__(self, at: datetime | None = None, *, flowing: bool = True) -> None:
        self._base = (at or datetime.now(UTC)).astimezone(UTC)
        self._flowing = flowing
        self._since = time.monotonic()
        self._sleepers: set[asyncio.Future[None]] = set()

    @classmethod
    def frozen(cls, at: datetime) -> Self:
        """A clock that only `forward` moves."""
        return cls(at, flowing=False)

    def now(self) -> datetime:
        """The workspace's time, aware, in UTC."""
        if not self._flowing:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def forward(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        """Move on and wake whoever sleeps on this clock. Raises ValueError for a step back."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if step < timedelta(0):
            raise ValueError("A clock is moved forward only: Slack's timestamps never run back.")
        self._base += step
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)
        return self.now()

    def set_back(self, *, minutes: float = 0, hours: float = 0) -> datetime:
        """As somebody who sets a machine's clock back; Slack's timestamps stay in order all the same."""
        self._base -= timedelta(hours=hours, minutes=minutes)
        return self.now()

    @property
    def sleeping(self) -> int:
        """How many wait for it to move on."""
        return len(self._sleepers)

    async def until(self, moment: datetime) -> None:
        """Sleep until this clock, not the machine's, says `moment`."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                await asyncio.wait([sleeper], timeout=left if self._flowing else None)
            finally:
                self._sleepers.discard(sleeper)
