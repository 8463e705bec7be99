"""The relay: outbox rows to Slack, nothing lost and nothing twice.

Lease a lane, mark its first row, commit; call Slack with no transaction open; record what came of it. A call whose
answer was lost is settled first and then looked up in the channel's history. What is promised: every row ends sent,
bundled or visibly dead, with at most one visible message unless Slack stays in doubt past the settling time.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import slack_calls
from bot.delivery.deliveries import EVENT_TYPE, Delivery, Task
from bot.delivery.prepare import Preparer, Renderer
from bot.delivery.results import Result, Unsent
from bot.delivery.settle import Report, Settler
from bot.delivery.webhook_calls import WebhookCaller
from handlers.delivery.slack_tasks import CallWebhook, SendMail
from handlers.workspace.client import no_later_than
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import lanes

__all__ = ["EVENT_TYPE", "OutboxRelay", "Renderer", "Report"]

logger = logging.getLogger(__name__)
T = TypeVar("T")

CONCURRENCY = 16
MARGIN_SECONDS = 5.0
"""Lease that must be left beyond the HTTP time-out when a call begins."""

SETTLE_SECONDS = 30.0
"""Beyond the HTTP time-out: by then no message of an abandoned call can still turn up in a channel's history."""

PARKED_FOR = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=1)
"""Slack asks for no longer one; a lane that waits past it was written while a clock was wrong."""

HEARTBEAT_SECONDS = 1.0
"""How often is looked for what other processes queued: a commit of one's own rings a bell."""

ALONE_SECONDS = 5.0
"""The same where only the command line could have queued something, which is so on SQLite."""


class OutboxRelay:
    """One replica's relay. The client must have retry_handlers=[]: only the relay may try again."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        render: Renderer,
        now: Callable[[], datetime],
        *,
        owner: str,
        report: Report | None = None,
        pace_seconds: float = 1.0,
        lease_seconds: float = 30.0,
        http_timeout_seconds: float = 10.0,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        moved: Callable[[], timedelta] = timedelta,
        webhooks: WebhookCaller | None = None,
    ) -> None:
        """`moved` tells how far the clock was set since it was last asked, where somebody can set it.

        Raises ValueError for a lease too short for one call, and for a client that would repeat calls itself."""
        if lease_seconds <= http_timeout_seconds + MARGIN_SECONDS:
            raise ValueError(f"a lease must be longer than the HTTP time-out and {MARGIN_SECONDS:.0f} s")
        if client.retry_handlers:
            raise ValueError("the relay's client must be made with retry_handlers=[]: a repeated post is a second one")
        self._database, self._client, self._now, self._owner = database, client, now, owner
        self._webhooks = webhooks or WebhookCaller(lambda _: "")
        self._lease_seconds, self._http_seconds = lease_seconds, http_timeout_seconds
        self._heartbeat_seconds = heartbeat_seconds
        settle = timedelta(seconds=http_timeout_seconds + SETTLE_SECONDS)
        self._preparer = Preparer(render, settle, PARKED_FOR, report or _unheard)
        self._settler = Settler(timedelta(seconds=pace_seconds), settle, PARKED_FOR, report or _unheard)
        self._clock_moved, self._moved_in_all, self._lanes_moved = moved, timedelta(0), timedelta(0)
        self._woken, self._rings = asyncio.Event(), 0
        self._to_ring = 0
        """Transactions of its own that are committed, but for the disk, and ring when that has them; on SQLite, where
        the next one has seen what they wrote."""
        self._looked_at: int | None = None
        """Rings when `due` was read: as long as nothing has rung since, it is so still."""
        self._stopping = False
        self._dispatching = asyncio.Lock()
        self._in_flight: set[asyncio.Task[None]] = set()
        self.due: datetime | None = None
        """When the first lane was due, as last looked."""

    async def deliver(self) -> int:
        """Deliver until no lane is due and nothing is in flight; returns how many rows were handled."""
        handled, self._looked_at = 0, None
        while True:
            self._woken.clear()
            handled += await self._dispatch()
            if not self._in_flight:
                return handled
            await self._woken.wait()

    async def run(self) -> None:
        """Deliver until `stop()`. A start is a new chance for what was parked."""
        await _survive(self._begin_anew())
        while not self._stopping:
            self._woken.clear()
            await _survive(self._dispatch())
            try:
                async with asyncio.timeout(self._idle_seconds()):
                    await self._woken.wait()
            except TimeoutError:
                self._looked_at = None  # other processes ring no bell here

    def wake(self) -> None:
        """Something was committed: look now instead of at the next heartbeat."""
        self._rings += 1
        self._woken.set()

    async def stop(self) -> None:
        """Lease nothing more, and return when what is in flight is done and its lanes are released."""
        self._stopping = True
        self.wake()
        async with self._dispatching:
            pass
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def next_due(self) -> datetime | None:
        """When the first lane that waits may be delivered (UTC); None when nothing waits."""
        async with self._database.read() as tx:
            return await lanes.next_due(tx)

    async def _dispatch(self) -> int:
        """Lease every lane that is due and free, and set its row on its way."""
        handled = 0
        async with self._dispatching:
            while not self._stopping and len(self._in_flight) < CONCURRENCY:
                await self._follow_clock()
                if not handled and self._looked_at != self._rings:
                    rings, self.due = self._rings, await self.next_due()
                    self._looked_at = rings
                if self.due is None or self.due > self._now():
                    break
                taken, delivery = await self._take()
                if not taken:
                    break
                handled += 1
                if delivery is not None:
                    task = asyncio.create_task(self._carry(delivery))
                    self._in_flight.add(task)
                    task.add_done_callback(self._landed)
        return handled

    async def _take(self) -> tuple[bool, Delivery | None]:
        woken, rings = self._woken.is_set(), self._rings
        async with self._looking() as tx:
            now = self._now()
            lease = await lanes.lease(tx, now, self._owner, self._lease_seconds)
            delivery = None if lease is None else await self._preparer.prepare(tx, lease, now)
        if not woken and self._rings == rings + 1:  # only this commit rang, and it has looked already
            self._woken.clear()
        return lease is not None, delivery

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[AsyncSession]:
        """A write transaction that reads last when the next lane is due, so that nobody has to look after it.

        It follows the clock first, and what it writes is reckoned in it: a moment that was read before its turn at the
        database would be of a clock that was set since, and a lane that is given it waits as long as that was wrong.
        """
        moved, ringing = timedelta(0), 0
        try:
            async with self._database.begin() as tx:
                moved = await self._move_lanes(tx)
                yield tx
                await written(tx)
                rings, due = self._rings + self._to_ring, await lanes.next_due(tx)
                ringing = int(self._database.is_sqlite)
                self._to_ring += ringing
        except BaseException:
            self._lanes_moved -= moved
            raise
        finally:
            self._to_ring -= ringing
        self.due = due
        self._looked_at = rings + 1  # whoever committed beside it rang too, and then it is looked again

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._woken.set()

    async def _carry(self, delivery: Delivery) -> None:
        # If the outcome cannot be recorded, the lease runs out and the row is settled as one in doubt.
        await _survive(self._call_and_settle(delivery))

    async def _call_and_settle(self, delivery: Delivery) -> None:
        began, moved = self._now(), self._moved_in_all
        with no_later_than(delivery.lease.ends - self._http_seconds - MARGIN_SECONDS):
            verdict = await self._call(delivery, began)
        async with self._looking() as tx:
            began += self._moved_in_all - moved
            await self._settler.apply(tx, delivery, verdict, began, self._now())

    async def _call(self, delivery: Delivery, began: datetime) -> Result:
        left = (delivery.lease.until - began).total_seconds()
        if left < self._http_seconds + MARGIN_SECONDS:
            return Unsent("too little of the lease was left to call Slack")
        if isinstance(delivery, Task) and isinstance(delivery.step, CallWebhook):
            return await self._webhooks.call(delivery.step, delivery.tries, delivery.row.mark, self._http_seconds)
        if isinstance(delivery, Task) and isinstance(delivery.step, SendMail):
            from bot.delivery import mail_calls

            secret, mark = self._webhooks.secret, delivery.row.mark
            return await mail_calls.send(delivery.step, secret, delivery.tries, mark, self._http_seconds)
        return await slack_calls.call(self._client, delivery, self._http_seconds)

    async def _begin_anew(self) -> None:
        async with self._database.begin() as tx:
            await lanes.unpark(tx)
            await lanes.let_none_wait_past(tx, self._now(), timedelta(seconds=self._lease_seconds), LONGEST_WAIT)

    async def _follow_clock(self) -> None:
        """Lanes wait for so many seconds, whatever the machine's clock is set to."""
        self._moved_in_all += self._clock_moved()
        if self._moved_in_all != self._lanes_moved:
            async with self._looking():
                pass

    async def _move_lanes(self, tx: AsyncSession) -> timedelta:
        """By how far: it counts as done while the others wait for this transaction, and not if that fails."""
        self._moved_in_all += self._clock_moved()
        owed = self._moved_in_all - self._lanes_moved
        if owed:
            logger.warning("the machine's clock was set by %.0f s; lanes wait as long as before", owed.total_seconds())
            await lanes.move(tx, owed)
            self._lanes_moved += owed
        return owed

    def _idle_seconds(self) -> float:
        """Until the next lane is due, and never longer than a heartbeat: another replica's rows ring no bell here."""
        if self._stopping or self.due is None or len(self._in_flight) >= CONCURRENCY:
            return self._heartbeat_seconds
        return min(max((self.due - self._now()).total_seconds(), 0.01), self._heartbeat_seconds)


async def _unheard(*_what: object) -> None:
    """For a relay of messages alone."""


async def _survive(work: Awaitable[T]) -> T | None:
    """The loop outlives a fault, such as a database that restarts; what it was about is tried again."""
    try:
        return await work
    except Exception:
        logger.exception("the relay goes on after a fault")
        return None
