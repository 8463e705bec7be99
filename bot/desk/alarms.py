"""The sweep: alarms whose time has come are fired, put on record and sent on their way in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks, incident_confirmation, major_alarms, promises
from bot.desk.policy import FOLLOW
from bot.rules.sla import ClockKind
from storage import alarms
from storage import clocks as stored
from storage.tables import Alarm

Ring = Callable[[AsyncSession, Alarm, datetime], Awaitable[None]]

FOLLOWING_AT_ONCE = 200
"""Clocks that a new policy moves in one transaction."""


async def ring_due(tx: AsyncSession, now: datetime, limit: int = 100) -> int:
    """Fires what is due and returns how many; call again until it returns 0."""
    due = await alarms.due(tx, now, limit)
    for alarm in due:
        # The clock before the alarm, as those do who move them both: neither then waits for the other for ever.
        await stored.held(tx, alarm.subject)
        if alarm.id is not None and await alarms.fire(tx, alarm.id, now):
            await RINGS[alarm.kind](tx, alarm, now)
    return len(due)


async def _follow_policy(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """Clocks follow a policy that was adopted, a batch at a time."""
    if await clocks.follow_policy(tx, FOLLOWING_AT_ONCE, now) == FOLLOWING_AT_ONCE:
        version, _, batch = alarm.occurrence.partition("+")
        await alarms.schedule(tx, alarm.subject, alarm.kind, f"{version}+{int(batch or 0) + 1}", now)


RINGS: Mapping[str, Ring] = MappingProxyType(
    {
        **dict.fromkeys(ClockKind, promises.ring),
        FOLLOW: _follow_policy,
        **major_alarms.RINGS,
        **incident_confirmation.RINGS,
    }
)
"""What rings, by the alarm's kind."""
