"""Prepares a delivery from a leased lane, in the transaction before the call."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.deliveries import Delivery, LookUp, Post, Publish, Redraw, Task
from bot.delivery.settle import Report
from bot.rules.record.slack_task_results import Outcome, Standing
from handlers.blocks.kit import HomeView, Message
from handlers.delivery.slack_tasks import Step
from storage.db.snapshot import looking
from storage.delivery import lanes, outbox, posts
from storage.delivery.lanes import Head, Lease
from storage.sql import has_one_writer
from storage.tables import Outbox
from storage.workspace import channels

logger = logging.getLogger(__name__)

PLACELESS = frozenset({"step", "user-group", "webhook", "mail"})
"""Verbs of what goes to no channel that is known beforehand."""
Drawn = Message | HomeView | Step | None
Renderer = Callable[[AsyncSession, Outbox], Awaitable[Drawn]]
"""Draws a row as things are now; None where there is nothing to say any more."""


@dataclass(frozen=True)
class _Fault:
    """Why a row could not be drawn."""

    error: str


class _Found(NamedTuple):
    """What a row is drawn as."""

    what: "Drawn | _Fault"


@dataclass(frozen=True)
class Target:
    """Where a call goes: a channel's or person's id, and for a redraw the message."""

    channel: str
    ts: str | None = None


@dataclass(frozen=True)
class Preparer:
    render: Renderer
    settle: timedelta
    parked_for: timedelta
    report: Report
    _asked_for: dict[str, int | None] = field(default_factory=dict)
    """By lane, the row that was written while it was drawn here."""

    async def prepare(self, tx: AsyncSession, lease: Lease, now: datetime) -> Delivery | None:
        """The lane's first row as a delivery; None where it needed no call, and the lane is free again."""
        head = await lanes.head(tx, lease.lane)
        if head is None:
            await lanes.release(tx, lease, now)
            return None
        row = head.row
        if row.state == "sending":
            await self._left_behind(tx, lease, row, now)
            return None
        if row.state == "ambiguous" and row.verb == "post":
            return await self._look_up(tx, lease, row)
        return await self._draw(tx, lease, head, now)

    async def _left_behind(self, tx: AsyncSession, lease: Lease, row: Outbox, now: datetime) -> None:
        """Whoever was sending it is gone or frozen: wait until no call of theirs can still arrive."""
        logger.warning("message %s was left in delivery; it is settled before anything else happens", row.id)
        await outbox.settle(tx, row, "ambiguous", error="the replica that was sending it stopped")
        await lanes.release(tx, lease, now + self.settle)

    async def _look_up(self, tx: AsyncSession, lease: Lease, row: Outbox) -> Delivery:
        # Channel and thread were kept when the row was taken.
        channel = row.slack_channel or ""
        since = row.first_attempt_at or row.created_at
        return LookUp(lease, row, channel, row.thread_ts, since, await posts.last_in(tx, row.lane))

    async def _draw(self, tx: AsyncSession, lease: Lease, head: Head, now: datetime) -> Delivery | None:
        # A step names its own place: one makes the channel that the others are about.
        row = head.row
        target = Target("") if row.verb in PLACELESS else await self._target(tx, lease, head, now)
        if target is None:
            return None
        found = await self._drawn(tx, head, target.channel or None, now)
        if found is None:
            await lanes.release(tx, lease, now)
            return None
        drawn = found.what
        if isinstance(drawn, _Fault):
            # A view's fault must not stop its lane for ever: the row is put aside where the operator sees it.
            await outbox.settle(tx, row, "dead", error=drawn.error)
            await self.report(tx, row, Outcome(Standing.GIVEN_UP, drawn.error), now)
            await lanes.release(tx, lease, now)
            return None
        if drawn is None:
            await self._bundle(tx, lease, row, now)
            return None
        if not isinstance(drawn, Message | HomeView):
            return Task(lease, row, drawn, row.first_attempt_at or now)
        return await self._parcel(tx, lease, row, target, drawn)

    async def _drawn(self, tx: AsyncSession, head: Head, channel: str | None, now: datetime) -> "_Found | None":
        """None where somebody wrote the row meanwhile: withdrew it, or asked for it anew.

        On PostgreSQL it is drawn before it is taken, since whoever asks for it would wait for the drawing. The second
        time it is taken first, and they do wait: else a row that is asked for all the time would never be sent.
        """
        row = head.row
        if has_one_writer(tx) or self._asked_for.pop(row.lane, None) == row.id:
            taken = await outbox.begin_sending(tx, row, now, channel, covers=head.drawn_again is not None)
            return _Found(await self._rendered(tx, row)) if taken else None
        outbox.attempted(row, now, channel)
        found = _Found(await self._rendered(tx, row))
        if await outbox.begin_as_seen(tx, row, now, channel, head.version, head.drawn_again):
            return found
        self._asked_for[row.lane] = row.id
        return None

    async def _rendered(self, tx: AsyncSession, row: Outbox) -> "Drawn | _Fault":
        try:
            with looking(tx):
                return await self.render(tx, row)
        except SQLAlchemyError:
            raise
        except Exception as fault:
            logger.exception("message %s (%s about %s) could not be drawn", row.id, row.kind, row.about)
            return _Fault(f"it could not be drawn: {type(fault).__name__}: {fault}"[:500])

    async def _parcel(
        self, tx: AsyncSession, lease: Lease, row: Outbox, target: Target, drawn: Message | HomeView
    ) -> Delivery:
        if isinstance(drawn, HomeView):
            return Publish(lease, row, target.channel, drawn)
        if target.ts is not None:
            return Redraw(lease, row, target.channel, target.ts, drawn)
        if drawn.thread_ts != row.thread_ts:
            await outbox.settle(tx, row, "sending", thread_ts=drawn.thread_ts)
        return Post(lease, row, target.channel, drawn)

    async def _target(self, tx: AsyncSession, lease: Lease, head: Head, now: datetime) -> Target | None:
        row = head.row
        if row.redraws is not None:
            return await self._message(tx, lease, head, now)
        if row.lane.startswith("@"):
            return Target(row.lane[1:])
        channel = await channels.channel_of(tx, row.lane[1:])
        if channel is not None:
            return Target(channel)
        place = await channels.get(tx, row.lane[1:])
        reason = "the channel is archived" if place is not None else "no channel of that name is known yet"
        logger.error("lane %s is parked: %s", row.lane, reason)
        await lanes.park(tx, lease, reason, now + self.parked_for)
        return None

    async def _message(self, tx: AsyncSession, lease: Lease, head: Head, now: datetime) -> Target | None:
        """The message to redraw; where none stands (it was never posted, or was deleted) there is nothing to do."""
        if head.ts is None or head.channel is None:
            await self._bundle(tx, lease, head.row, now)
            return None
        return Target(head.channel, head.ts)

    async def _bundle(self, tx: AsyncSession, lease: Lease, row: Outbox, now: datetime) -> None:
        await outbox.settle(tx, row, "bundled")
        await lanes.release(tx, lease, now)
