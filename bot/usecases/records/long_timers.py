"""Timers for which much is read before they ring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Timer


@dataclass(frozen=True)
class Long:
    """Read first, beside everything else; then rung, in a transaction that only writes."""

    read: Callable[[AsyncSession, str, datetime], Awaitable[Any]]
    """By the timer's occurrence. A function of a module, and so is what it answers: they travel between processes."""
    ring: Callable[[AsyncSession, Timer, datetime, Any], Awaitable[None]]
    span: timedelta
    """How far back it reads, or further."""
    by_samples: bool = False
    """Whether it waits until a large desk has its samples of figures by day: without them all of that time is read."""

    async def at_once(self, tx: AsyncSession, timer: Timer, now: datetime) -> None:
        """Both in one transaction."""
        await self.ring(tx, timer, now, await self.read(tx, timer.occurrence, now))
