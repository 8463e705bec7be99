"""From a verdict to the row's and the lane's new state: what happens in the transaction after a call."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.courier.parcels import LookUp, Parcel, Post, Task
from bot.courier.verdicts import Absent, Deleted, Done, Limited, Refused, Sent, Undeliverable, Unsent, Unsure, Verdict
from bot.rules.steps import Outcome, Standing
from storage import lanes, outbox, places, posts, tables

logger = logging.getLogger(__name__)

TRIES = 8
"""How often a failure that may pass is tried, where Slack itself is well."""

LONGEST_BACKOFF = 300.0
NOBODY = frozenset({"channel_not_found", "user_not_found", "user_disabled", "user_not_visible"})
"""A person who left: nobody can mend that."""


Report = Callable[[AsyncSession, tables.Outbox, Outcome, datetime], Awaitable[None]]
"""Hears, in the transaction that records it, what came of a step, and of anything that Slack holds up."""


@dataclass(frozen=True)
class Settler:
    pace: timedelta
    settle: timedelta
    parked_for: timedelta
    report: Report

    async def apply(self, tx: AsyncSession, parcel: Parcel, verdict: Verdict, began: datetime, now: datetime) -> bool:
        """Record what came of a call that began then; False when the lane was taken over meanwhile."""
        if isinstance(verdict, Undeliverable) and not _nobody(parcel, verdict):
            return await self._park(tx, parcel, verdict, now)
        if not await lanes.release(tx, parcel.lease, self._next_at(parcel, verdict, began, now)):
            logger.warning("lane %s was taken over before message %s was settled", parcel.lease.lane, parcel.row.id)
            return False
        if isinstance(verdict, Limited):
            await lanes.close_gate(tx, parcel.gate, now + timedelta(seconds=verdict.seconds))
        await self._settle(tx, parcel, verdict)
        await self._report(tx, parcel, verdict, now)
        return True

    def _next_at(self, parcel: Parcel, verdict: Verdict, began: datetime, now: datetime) -> datetime:
        if isinstance(verdict, Limited):
            return now + timedelta(seconds=verdict.seconds)
        if isinstance(verdict, Unsure) and not isinstance(parcel, LookUp):
            return now + self.settle
        if isinstance(verdict, Unsent):
            return now + timedelta(seconds=backoff(parcel.tries, parcel.row.mark))
        # Slack's one message a second is about messages: a step need not wait, nor be waited for.
        if isinstance(verdict, Sent) and not isinstance(parcel, LookUp | Task):
            return began + self.pace
        return now

    async def _settle(self, tx: AsyncSession, parcel: Parcel, verdict: Verdict) -> None:
        row, error = parcel.row, verdict.error[:500] or None
        if isinstance(verdict, Sent):
            await self._sent(tx, parcel, verdict)
        elif isinstance(verdict, Absent):
            await outbox.settle(tx, row, "ready")
        elif isinstance(verdict, Deleted):
            await self._deleted(tx, row, verdict)
        elif isinstance(verdict, Refused | Undeliverable) or _hopeless(parcel, verdict):
            logger.error("message %s (%s about %s) is given up: %s", row.id, row.kind, row.about, error)
            await outbox.settle(tx, row, "dead", error=error)
        elif isinstance(parcel, LookUp):
            await outbox.settle(tx, row, "ambiguous", error=error)
        elif isinstance(verdict, Limited):
            await outbox.uncharge(tx, row)
        else:
            logger.warning("message %s was not delivered: %s", row.id, error)
            await outbox.settle(tx, row, "ambiguous" if isinstance(verdict, Unsure) else "ready", error=error)

    async def _sent(self, tx: AsyncSession, parcel: Parcel, sent: Sent) -> None:
        row = parcel.row
        await outbox.settle(tx, row, "sent", slack_channel=sent.channel, slack_ts=sent.ts, error=None)
        if isinstance(parcel, Post | LookUp) and sent.channel is not None and sent.ts is not None:
            post = tables.Post(about=row.about, kind=row.kind, lane=row.lane, channel=sent.channel, ts=sent.ts)
            await posts.keep(tx, post)

    async def _deleted(self, tx: AsyncSession, row: tables.Outbox, verdict: Deleted) -> None:
        await outbox.settle(tx, row, "bundled", error=verdict.error)
        if row.redraws is not None:
            await outbox.unpost(tx, row.redraws)

    async def _park(self, tx: AsyncSession, parcel: Parcel, verdict: Undeliverable, now: datetime) -> bool:
        if not await lanes.park(tx, parcel.lease, verdict.error, now + self.parked_for):
            return False
        logger.error("lane %s is parked: %s", parcel.lease.lane, verdict.error)
        state = "ambiguous" if isinstance(parcel, LookUp) else "ready"
        await outbox.settle(tx, parcel.row, state, error=verdict.error)
        if verdict.error == "is_archived" and isinstance(parcel, Post):
            await places.archived(tx, parcel.channel)
        await self.report(tx, parcel.row, Outcome(Standing.HELD, verdict.error), now)
        return True

    async def _report(self, tx: AsyncSession, parcel: Parcel, verdict: Verdict, now: datetime) -> None:
        if isinstance(verdict, Done):
            await self.report(tx, parcel.row, Outcome(Standing.DONE, found=verdict.found), now)
        elif isinstance(parcel, Task) and (isinstance(verdict, Refused) or _hopeless(parcel, verdict)):
            await self.report(tx, parcel.row, Outcome(Standing.GIVEN_UP, verdict.error), now)


def backoff(attempt: int, mark: str) -> float:
    """Seconds before the next try: doubled each time, spread by the row's mark so that lanes do not move in step."""
    spread = 0.5 + int(mark[:4], 16) / 0xFFFF / 2
    return min(2.0**attempt, LONGEST_BACKOFF) * spread


def _nobody(parcel: Parcel, verdict: Undeliverable) -> bool:
    return parcel.lease.lane.startswith("@") and verdict.error in NOBODY


def _hopeless(parcel: Parcel, verdict: Verdict) -> bool:
    return isinstance(verdict, Unsent) and not verdict.for_ever and parcel.tries >= TRIES
