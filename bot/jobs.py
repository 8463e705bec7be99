"""What is done on the schedule, each job once through: `bot/schedule.py` says how often."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.desk import alarms, audit, parked_lanes
from storage import alarms as stored_alarms
from storage import auditor, inbox, journal_file, lanes, outbox_care
from storage.clock import MachineClock, ServerClock
from storage.database import Database

log = logging.getLogger(__name__)

SEALED_AT_ONCE = 500
REPLAYABLE = timedelta(minutes=10)
"""How long requests are remembered: a signature is good for five minutes, and clocks differ."""


@dataclass(frozen=True)
class Jobs:
    database: Database
    clock: MachineClock | ServerClock
    now: Callable[[], datetime]
    sign: audit.Sign
    audit_file: Path | None
    """Where checkpoints are kept beside the database; None for nowhere."""
    keep: timedelta
    """For how long what was sent is remembered."""

    async def sweep(self) -> None:
        """Rings every alarm that is due. A look comes first: most of the time none is, and a look costs no lock."""
        async with self.database.read() as tx:
            first = await stored_alarms.next_due(tx)
        fired = int(first is not None and first <= self.now())
        while fired:
            async with self.database.begin() as tx:
                fired = await alarms.ring_due(tx, self.now())

    async def seal(self) -> None:
        """Seals what waits, a batch a transaction, and keeps the checkpoints that were made of it on file."""
        sealed = SEALED_AT_ONCE
        while sealed == SEALED_AT_ONCE:
            async with self.database.begin() as tx:
                sealed = await audit.seal(tx, self.now(), self.sign, SEALED_AT_ONCE)
        if self.audit_file is not None:
            await self._keep_checkpoints(self.audit_file)

    async def _keep_checkpoints(self, file: Path) -> None:
        last = await asyncio.to_thread(journal_file.last, file)
        async with self.database.read() as tx:
            fresh = await audit.unkept(tx, last)
        if fresh:
            await asyncio.to_thread(journal_file.keep, file, fresh)

    async def audit(self) -> None:
        """Says what is late or stuck in spite of it all, and where the journal denies what is on file."""
        kept = journal_file.last(self.audit_file) if self.audit_file else None
        async with self.database.read() as tx:
            faults = await auditor.faults(tx, self.now()) + await audit.contradictions(tx, kept)
            silent = await lanes.parked(tx)
        for fault in faults:
            log.error("%s", fault)
        if silent:
            async with self.database.begin() as tx:
                await parked_lanes.tell(tx, self.now())

    async def read_clock(self) -> None:
        await self.clock.follow(self.database)

    async def prune(self) -> None:
        """Forgets requests that nobody can send again."""
        async with self.database.begin() as tx:
            await inbox.forget(tx, self.now() - REPLAYABLE)

    async def tidy(self) -> None:
        """Forgets messages and lanes that are long done with, a batch a transaction so that nobody waits for it."""
        before, forgotten = self.now() - self.keep, outbox_care.BATCH
        while forgotten == outbox_care.BATCH:
            async with self.database.begin() as tx:
                forgotten = await outbox_care.forget(tx, before)
        async with self.database.begin() as tx:
            await outbox_care.forget_lanes(tx, before)
