"""The sweep: alarms whose time has come are fired, put on record and sent on their way in one transaction."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import (
    change_alarms,
    change_calendar_pictures,
    change_reminders,
    clocks,
    holds,
    incident_confirmation,
    major_alarms,
    promises,
    underpinning,
)
from bot.desk.policy import FOLLOW
from bot.rules.sla import PROMISED
from storage import alarms
from storage import clocks as stored
from storage.tables import Alarm

log = logging.getLogger(__name__)

RUNG_AT_ONCE = 3
"""In one transaction: the courier, who tells of them, gets one turn at the database between two.

While a thousand rang, fifty channels heard 12 messages a second where this was 20, 35 where it was 5, and 48 now."""
TRIED_AGAIN = timedelta(minutes=5)
"""After which an alarm that could not ring is tried again."""

Ring = Callable[[AsyncSession, Alarm, datetime], Awaitable[None]]

FOLLOWING_AT_ONCE = 200
"""Clocks that a new policy moves in one transaction."""


async def ring_due(tx: AsyncSession, now: datetime, limit: int = RUNG_AT_ONCE) -> int:
    """Fires what is due and returns how many; call again until it returns 0, as it does where another replica fires."""
    if not await alarms.take_up(tx):
        return 0
    due = [alarm.model_copy() for alarm in await alarms.due(tx, now, limit)]
    await _hold(tx, due)
    for alarm in due:
        await _ring(tx, alarm, now)
    return len(due)


async def _hold(tx: AsyncSession, due: Sequence[Alarm]) -> None:
    """All that will be rung about, by number and before anything is told, as everybody else does: so nobody waits for
    ever. What will be closed before its clocks, and the clock before the alarm, as those do who move them."""
    kinds: dict[str, set[str]] = {}
    for alarm in due:
        kinds.setdefault(alarm.subject, set()).add(alarm.kind)
    for subject in sorted(kinds, key=lambda one: (one.partition("-")[0], len(one), one)):
        await incident_confirmation.held(tx, subject, kinds[subject])
        await stored.held(tx, subject)
        await change_alarms.held(tx, subject)


async def _ring(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    number = alarm.id or 0
    try:
        async with tx.begin_nested():
            if await alarms.fire(tx, number, now):
                await RINGS[alarm.kind.partition(":")[0]](tx, alarm, now)
    except SQLAlchemyError:
        raise
    except Exception:
        # One alarm that cannot ring must not silence all that come after it.
        log.exception("the alarm %s (%s) of %s could not ring", alarm.occurrence, alarm.kind, alarm.subject)
        await alarms.put_off(tx, number, now + TRIED_AGAIN)


async def _follow_policy(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """Clocks follow a policy that was adopted, a batch at a time; the reminders of changes, all at once."""
    version, _, batch = alarm.occurrence.partition("+")
    moved = await clocks.follow_policy(tx, FOLLOWING_AT_ONCE, now)
    for subject in dict.fromkeys(clock.subject for clock in moved):
        await underpinning.follow_policy(tx, subject, now)
    if len(moved) == FOLLOWING_AT_ONCE:
        await alarms.schedule(tx, alarm.subject, alarm.kind, f"{version}+{int(batch or 0) + 1}", now)
    if not batch:  # after the clocks, as those do who touch both
        await change_reminders.follow_policy(tx, now)


RINGS: Mapping[str, Ring] = MappingProxyType(
    {
        **dict.fromkeys(PROMISED, promises.ring),
        FOLLOW: _follow_policy,
        **major_alarms.RINGS,
        **change_alarms.RINGS,
        **holds.RINGS,
        **incident_confirmation.RINGS,
        **change_calendar_pictures.RINGS,
    }
)
"""What rings, by the alarm's kind up to a colon, behind which stands who owes what the desk does not."""
