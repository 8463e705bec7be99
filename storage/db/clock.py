"""The clock that a desk goes by: the server's on PostgreSQL, which its replicas share, and the machine's on SQLite."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlmodel import func, select

from storage.db.database import Database

DRIFT = timedelta(seconds=2)
"""More than a clock is off by itself between two looks at it: then somebody has set it."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class MachineClock:
    """The machine's own, and by how much it was set since somebody last took that into account."""

    def __init__(self, read: Callable[[], datetime] = utc_now) -> None:
        self.now = read
        self._at, self._since = read(), monotonic()

    async def follow(self, database: Database) -> None:
        """It needs nobody to tell it."""

    def moved(self) -> timedelta:
        """How far it was set, forward or back; nothing where it only went on."""
        at, since = self.now(), monotonic()
        jump = at - self._at - timedelta(seconds=since - self._since)
        self._at, self._since = at, since
        return jump if abs(jump) > DRIFT else timedelta(0)


class ServerClock:
    """PostgreSQL's, read now and then, and in between carried on by a counter that nobody can set.

    It lags behind the server's by as much as the answer took to come, so nothing is ever early by it.
    """

    def __init__(self) -> None:
        self._at, self._since = utc_now(), monotonic()

    async def follow(self, database: Database) -> None:
        """Read the server's."""
        async with database.read() as tx:
            at = (await tx.exec(select(func.clock_timestamp()))).one()
        self._at, self._since = at.astimezone(UTC), monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=monotonic() - self._since)

    def moved(self) -> timedelta:
        """No machine's clock moves it."""
        return timedelta(0)
