"""Puts what SQLite committed on the disk: one trip there for all who commit meanwhile.

SQLite by itself waits for the disk within each commit, and whoever writes next waits with it. Here a commit goes to the
log (`synchronous=NORMAL`) and lets the next one begin; who wrote, and who read it, goes on once the disk has the log.
So nobody is told of what a power cut could still take back.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

ROWS = 500
"""Rows that are written between two copies of the log into the database; some five pages of it each."""
BUSY_SECONDS = 2.5

_flush: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class Disk:
    """Of one SQLite file in WAL mode, for one event loop. Its thread waits for the disk and does nothing else."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.committed = 0
        """Commits that are in the log."""
        self._going = self._kept = 0
        """How many of these are on their way to the disk, and how many are there."""
        self._now: list[asyncio.Future[None]] = []
        self._next: list[asyncio.Future[None]] = []
        self._busy = self._doubtful = False
        self._rows = 0
        self._thread: ThreadPoolExecutor | None = None
        """From the first commit to the end."""
        self._connection: sqlite3.Connection | None = None

    def commit(self, rows: int) -> None:
        """So many rows were committed to the log. The trip begins when all who are ready have had their turn."""
        self.committed += 1
        self._rows += rows
        self._go_soon()

    async def has(self, commit: int) -> None:
        """Waits until this one is on the disk. Raises OperationalError."""
        if commit > self._kept:
            waiting = asyncio.get_running_loop().create_future()
            (self._now if commit <= self._going else self._next).append(waiting)
            self._go_soon()
            await waiting

    async def close(self) -> None:
        """Once nobody writes any more; as with an engine, what is closed may be closed again, or used."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.wrap_future(thread.submit(self._disconnect))
            thread.shutdown(wait=False)

    def _go_soon(self) -> None:
        if not self._busy:
            self._busy = True
            loop = asyncio.get_running_loop()
            loop.call_soon(self._go, loop)

    def _go(self, loop: asyncio.AbstractEventLoop) -> None:
        self._going, self._now, self._next = self.committed, self._next, []

        def gone(ended: "Future[None]") -> None:
            loop.call_soon_threadsafe(self._ended, loop, ended.exception())

        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "disk")
        self._thread.submit(self._sync).add_done_callback(gone)
        if self._rows >= ROWS:
            self._rows = 0
            self._thread.submit(self._copy)

    def _ended(self, loop: asyncio.AbstractEventLoop, fault: BaseException | None) -> None:
        waited, self._now = self._now, []
        if fault is None:
            self._kept = self._going
        else:
            self._going = self._kept
        for one in waited:
            # Who was cancelled meanwhile waits no more.
            if not one.done():
                _tell(one, fault)
        self._busy = bool(self._next)
        if self._busy:
            self._go(loop)

    def _sync(self) -> None:
        """On the thread. A disk that fails may have dropped what it was given, and says so once: the database gets all
        of the log then, before anybody hears of a success."""
        if not self._doubtful:
            self._doubtful = True
            try:
                with Path(f"{self._path}-wal").open("rb+", buffering=0) as file:
                    _flush(file.fileno())
            except OSError:
                log.warning("the disk did not take the log of %s", self._path, exc_info=True)
            else:
                self._doubtful = False
                return
        busy, *_ = self._checkpoint("FULL")
        if busy:
            raise sqlite3.OperationalError("the log could not be copied into the database")
        self._doubtful = False

    def _copy(self) -> None:
        """On the thread: as much of the log as nobody reads any more, so that it is written from its beginning again.
        SQLite's own copy would be made within a commit."""
        try:
            self._checkpoint("PASSIVE")
        except sqlite3.Error:
            log.warning("the log of %s is not copied and goes on growing", self._path, exc_info=True)

    def _checkpoint(self, how: str) -> Sequence[int]:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        found: Sequence[int] = self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        return found

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _tell(waiting: "asyncio.Future[None]", fault: BaseException | None) -> None:
    if fault is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(OperationalError("COMMIT", None, fault))
