"""Records the result of a call in row and lane, in the transaction after it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.deliveries import Delivery, LookUp, Post, Redraw, Task
from bot.delivery.results import (
    Absent,
    Deferred,
    Deleted,
    Done,
    Limited,
    Refused,
    Result,
    Sent,
    Undeliverable,
    Unsent,
    Unsure,
)
from bot.rules.delivery.blocked_channels import is_the_desks
from bot.rules.delivery.undelivered import NOBODY
from bot.rules.record.notices import CARDS
from bot.rules.record.slack_task_results import Outcome, Standing
from storage import tables
from storage.delivery import lanes, outbox, posts
from storage.workspace import channels

logger = logging.getLogger(__name__)

TRIES = 8
"""How often a failure that may pass is tried, where Slack itself is well."""

LONGEST_BACKOFF = 300.0


Report = Callable[[AsyncSession, tables.Outbox, Outcome, datetime], Awaitable[None]]
"""Hears, in the transaction that records it, what came of a step, and of anything that is held up or given up."""


@dataclass(frozen=True)
class Settler:
    pace: timedelta
    settle: timedelta
    parked_for: timedelta
    report: Report

    async def apply(
        self, tx: AsyncSession, delivery: Delivery, verdict: Result, began: datetime, now: datetime
    ) -> bool:
        """Record what came of a call that began then; False when the lane was taken over meanwhile."""
        if isinstance(verdict, Undeliverable) and not _nobody(delivery, verdict) and not _put_away(delivery, verdict):
            return await self._park(tx, delivery, verdict, now)
        if not await lanes.release(tx, delivery.lease, self._next_at(delivery, verdict, began, now)):
            logger.warning("lane %s was taken over before message %s was settled", delivery.lease.lane, delivery.row.id)
            return False
        if isinstance(verdict, Limited):
            await lanes.close_gate(tx, delivery.gate, now + timedelta(seconds=verdict.seconds))
        await self._settle(tx, delivery, verdict, now)
        await self._report(tx, delivery, verdict, now)
        return True

    def _next_at(self, delivery: Delivery, verdict: Result, began: datetime, now: datetime) -> datetime:
        if isinstance(verdict, Limited):
            return now + timedelta(seconds=verdict.seconds)
        if isinstance(verdict, Unsure) and not isinstance(delivery, LookUp):
            return now + self.settle
        if isinstance(verdict, Deferred):
            return now + timedelta(seconds=verdict.seconds)
        if isinstance(verdict, Unsent):
            return now + timedelta(seconds=backoff(delivery.tries, delivery.row.mark))
        # Slack's one message a second is about messages: a step need not wait, nor be waited for.
        if isinstance(verdict, Sent) and not isinstance(delivery, LookUp | Task):
            return began + self.pace
        return now

    async def _settle(self, tx: AsyncSession, delivery: Delivery, verdict: Result, now: datetime) -> None:
        row, error = delivery.row, verdict.error[:500] or None
        if isinstance(verdict, Sent):
            await self._sent(tx, delivery, verdict, now)
        elif isinstance(verdict, Absent):
            await outbox.settle(tx, row, "ready")
        elif isinstance(verdict, Deleted):
            await self._deleted(tx, row, verdict)
        elif isinstance(verdict, Refused | Undeliverable) or _hopeless(delivery, verdict):
            logger.error("message %s (%s about %s) is given up: %s", row.id, row.kind, row.about, error)
            await outbox.settle(tx, row, "dead", error=error)
        elif isinstance(delivery, LookUp):
            await outbox.settle(tx, row, "ambiguous", error=error)
        elif isinstance(verdict, Limited):
            await outbox.uncharge(tx, row)
        else:
            logger.warning("message %s was not delivered: %s", row.id, error)
            await outbox.settle(tx, row, "ambiguous" if isinstance(verdict, Unsure) else "ready", error=error)

    async def _sent(self, tx: AsyncSession, delivery: Delivery, sent: Sent, now: datetime) -> None:
        row = delivery.row
        await outbox.settle(tx, row, "sent", slack_channel=sent.channel, slack_ts=sent.ts, error=None)
        if isinstance(delivery, Post | LookUp) and sent.channel is not None and sent.ts is not None:
            post = tables.Post(about=row.about, kind=row.kind, lane=row.lane, channel=sent.channel, ts=sent.ts)
            await posts.keep(tx, post)
            if row.kind in CARDS:
                await outbox.link(tx, row, now)
                await self.report(tx, row, Outcome(Standing.DONE), now)

    async def _deleted(self, tx: AsyncSession, row: tables.Outbox, verdict: Deleted) -> None:
        await outbox.settle(tx, row, "bundled", error=verdict.error)
        if row.redraws is not None:
            await outbox.unpost(tx, row.redraws)

    async def _park(self, tx: AsyncSession, delivery: Delivery, verdict: Undeliverable, now: datetime) -> bool:
        if not await lanes.park(tx, delivery.lease, verdict.error, now + self.parked_for):
            return False
        logger.error("lane %s is parked: %s", delivery.lease.lane, verdict.error)
        state = "ambiguous" if isinstance(delivery, LookUp) else "ready"
        await outbox.settle(tx, delivery.row, state, error=verdict.error)
        if verdict.error == "is_archived" and isinstance(delivery, Post):
            await channels.archived(tx, delivery.channel)
        await self.report(tx, delivery.row, Outcome(Standing.HELD, verdict.error), now)
        return True

    async def _report(self, tx: AsyncSession, delivery: Delivery, verdict: Result, now: datetime) -> None:
        if isinstance(verdict, Done):
            await self.report(tx, delivery.row, Outcome(Standing.DONE, found=verdict.found), now)
        elif isinstance(verdict, Refused | Undeliverable) or _hopeless(delivery, verdict):
            await self.report(tx, delivery.row, Outcome(Standing.GIVEN_UP, verdict.error), now)


def backoff(attempt: int, mark: str) -> float:
    """Seconds before the next try: doubled each time, spread by the row's mark so that lanes do not move in step."""
    spread = 0.5 + int(mark[:4], 16) / 0xFFFF / 2
    return min(2.0**attempt, LONGEST_BACKOFF) * spread


def _nobody(delivery: Delivery, verdict: Undeliverable) -> bool:
    return delivery.lease.lane.startswith("@") and verdict.error in NOBODY


def _put_away(delivery: Delivery, verdict: Undeliverable) -> bool:
    """Whether it would redraw what stands in a record's own channel: that is archived when the matter is over."""
    return isinstance(delivery, Redraw) and verdict.error == "is_archived" and not is_the_desks(delivery.lease.lane)


def _hopeless(delivery: Delivery, verdict: Result) -> bool:
    return isinstance(verdict, Unsent) and not verdict.for_ever and delivery.tries >= TRIES
