"""Finds what should have happened by now and has not, in sentences for the log and for `doctor`."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import MAIL_LANE, WEBHOOK_LANE
from storage import timers
from storage.delivery import lanes, outbox

TIMER_GRACE = timedelta(minutes=1)
LANE_GRACE = timedelta(minutes=5)


async def faults(tx: AsyncSession, now: datetime) -> list[str]:
    """Timers that are due and have no outbox row, lanes past their time or parked, and rows given up."""
    late_timers = await timers.due(tx, now - TIMER_GRACE, limit=20)
    found = [
        f"The {one.occurrence} timer of {one.subject} has been due for {_ago(one.due_at, now)} and did not ring."
        for one in late_timers
    ]
    parked = await lanes.parked(tx)
    found += [f"{lane.name} hears nothing: {lane.parked_reason}" for lane in parked]
    stuck = await lanes.stuck(tx, now - LANE_GRACE)
    found += [
        f"{name} is late: its first message has been due or tried in vain for {_ago(since, now)}."
        for name, since in stuck
        # An endpoint that takes nothing is tried for days, and its owner hears when that is over.
        if not name.startswith((WEBHOOK_LANE, MAIL_LANE))
    ]
    dead = await outbox.dead(tx, limit=20)
    found += [
        f"Message {row.id} ({row.kind} about {row.about} to {row.lane}) was given up: {row.error}" for row in dead
    ]
    return found


def _ago(since: datetime, now: datetime) -> str:
    return f"{int((now - since).total_seconds())} s"
