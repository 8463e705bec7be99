"""The jobs of the schedule, each run once; `bot/schedule.py` says how often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.usecases import long_reads, timers
from bot.usecases.alert import deliveries
from bot.usecases.delivery import blocked_channels
from bot.usecases.journal import integrity
from bot.usecases.policy import in_force
from bot.usecases.report import sampling
from bot.usecases.report.sampling import Task
from storage import timers as stored_timers
from storage.api import tokens as api_tokens
from storage.db import reading_process
from storage.db.clock import MachineClock, ServerClock
from storage.db.database import Database
from storage.db.statistics import optimize
from storage.delivery import inbox, lanes, outbox_admin, watchdog
from storage.journal import checkpoint_file
from storage.mail import threads as mail_threads
from storage.report import samples

log = logging.getLogger(__name__)

SEALED_AT_ONCE = 500
LONG_AT_ONCE = 20
REPLAYABLE = timedelta(days=1)
"""How long requests are remembered. A signature is good for five minutes, but after an outage Slack may send what it
kept for hours again, and signs it anew."""


@dataclass
class Jobs:
    database: Database
    clock: MachineClock | ServerClock
    now: Callable[[], datetime]
    sign: integrity.Sign
    audit_file: Path | None
    """Where checkpoints are kept beside the database; None for nowhere."""
    keep: timedelta
    """For how long what was sent is remembered."""
    ending: bool = False
    """Set when the bot stops: what is left is for whoever comes next."""

    async def _batches(self, batch: Callable[[AsyncSession], Awaitable[int]], full: int = 1) -> None:
        """A batch a transaction, so that nobody waits for it, until one is not full. The stop waits for one alone."""
        done = full
        while done >= full and not self.ending:
            async with self.database.begin() as tx:
                done = await batch(tx)

    async def sweep(self) -> None:
        """Rings every timer that is due. A look comes first: most of the time none is, and a look costs no lock."""
        async with self.database.read() as tx:
            first = await stored_timers.next_due(tx, timers.LONG)
        if first is not None and first <= self.now():
            await self._batches(lambda tx: timers.ring_due(tx, self.now(), but=timers.LONG))

    async def long_timers(self) -> None:
        """Rings what much is read for: the reading holds up neither the sweep nor anybody's form."""
        async with self.database.read() as tx:
            due = await stored_timers.due(tx, self.now(), LONG_AT_ONCE, only=timers.LONG)
            sampled = not due or await sampling.task(tx, self.now()) is not Task.ALL
        for timer in due:
            if self.ending:
                return
            now, kind = self.now(), timers.LONG[timer.kind]
            if kind.by_samples and not sampled:
                async with self.database.begin() as tx:
                    await timers.put_off(tx, timer, now)
                continue
            try:
                found = await long_reads.read(self.database, now - kind.span, kind.read, timer.occurrence, now)
            except Exception:
                log.exception("the timer %s (%s) could not be read for", timer.occurrence, timer.kind)
                async with self.database.begin() as tx:
                    await timers.put_off(tx, timer, now)
                continue
            async with self.database.begin() as tx:
                await timers.ring_long(tx, timer, now, found)

    async def figure_samples(self) -> None:
        """Keeps figures by day of a large desk, so that its reports read none of its incidents."""
        now = self.now()
        async with self.database.read(long=True) as tx:
            todo = await sampling.task(tx, now)
            made = await sampling.brought_up(tx) if todo is Task.FEW else None
        if todo is Task.ALL:
            await self._all_figure_samples(now)
        if todo is Task.MANY:
            made = await reading_process.read(self.database, sampling.brought_up)
        if made is not None:
            async with self.database.begin() as tx:
                await sampling.keep_brought_up(tx, made, now)

    async def _all_figure_samples(self, now: datetime) -> None:
        """A month after the other; none is used before all are there."""
        async with self.database.read() as tx:
            windows, fact = await sampling.plan(tx, now)
        for window in windows:
            if self.ending:
                return
            days = await reading_process.read(self.database, sampling.made_of, window)
            async with self.database.begin() as tx:
                await sampling.keep(tx, days, reached=fact if window is windows[-1] else None, now=now)

    async def alerts(self) -> None:
        """Works off what monitoring systems delivered. A look comes first, as in `sweep`."""
        async with self.database.read() as tx:
            waits = await deliveries.is_waiting(tx)
        if waits:
            await self._batches(lambda tx: deliveries.work_off(tx, self.now()))

    async def listen(self) -> None:
        """What follows from no delivery, but from time: silence, and alerts that flap no more."""
        async with self.database.begin() as tx:
            await deliveries.listen_for_silence(tx, self.now())
            await deliveries.settle_flapping(tx, self.now())

    async def seal(self) -> None:
        """Seals what waits, and keeps the checkpoints that were made of it on file."""
        await self._batches(lambda tx: integrity.seal(tx, self.now(), self.sign, SEALED_AT_ONCE), SEALED_AT_ONCE)
        if self.audit_file is not None:
            await self._keep_checkpoints(self.audit_file)

    async def _keep_checkpoints(self, file: Path) -> None:
        last = await asyncio.to_thread(checkpoint_file.last, file)
        async with self.database.read() as tx:
            fresh = await integrity.unkept(tx, last)
        if fresh:
            await asyncio.to_thread(checkpoint_file.keep, file, fresh)

    async def audit(self) -> None:
        """Says what is late or stuck in spite of it all, and where the journal denies what is on file."""
        kept = checkpoint_file.last(self.audit_file) if self.audit_file else None
        async with self.database.read(long=True) as tx:
            faults = await watchdog.faults(tx, self.now()) + await integrity.contradictions(tx, kept)
            silent = await lanes.parked(tx)
        for fault in faults:
            log.error("%s", fault)
        if silent:
            async with self.database.begin() as tx:
                await blocked_channels.tell(tx, self.now())

    async def read_clock(self) -> None:
        await self.clock.follow(self.database)

    async def prune(self) -> None:
        """Forgets requests that nobody sends again."""
        before = self.now() - REPLAYABLE
        await self._batches(lambda tx: inbox.forget(tx, before), inbox.BATCH)

    async def tidy(self) -> None:
        """Forgets messages and lanes that are long done with, and figures by day that no version of Deskbell uses."""
        before = self.now() - self.keep
        await self._batches(lambda tx: outbox_admin.forget(tx, before), outbox_admin.BATCH)
        await self._batches(self._forget_closed, outbox_admin.BATCH)
        await self._batches(lambda tx: deliveries.forget(tx, before), deliveries.BATCH)
        await self._batches(lambda tx: mail_threads.forget(tx, before), mail_threads.BATCH)
        await self._batches(lambda tx: api_tokens.forget(tx, self.now() - REPLAYABLE), api_tokens.BATCH)
        async with self.database.begin() as tx:
            await outbox_admin.forget_lanes(tx, before)
            await samples.forget_unused(tx, before)
            await optimize(tx)

    async def _forget_closed(self, tx: AsyncSession) -> int:
        keep = (await in_force(tx)).policy.delivery.keep_closed
        return await outbox_admin.forget_closed(tx, self.now() - keep)
