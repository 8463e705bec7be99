"""Sessions that SQLite's connections keep from one transaction to the next.

SQLAlchemy makes a session for each, takes a connection out of its pool, begins, commits, resets the connection and puts
it back: that took as long as all that a form reads, and a tenth of a submission. Kept, a transaction begins and ends by
a statement each.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.db.session import Session, ended, opened


class Sessions:
    """As many as there may be transactions at once; who comes later waits in line."""

    def __init__(self, engine: AsyncEngine, most: int, begin: str) -> None:
        self._engine, self._room, self._begin = engine, asyncio.Semaphore(most), begin
        self._kept: list[Session] = []
        self._closed = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """Commits on leaving, rolls back on an exception. A session is not kept that an exception ended, or a savepoint
        is in."""
        async with self._room:
            session = await self._begun()
            try:
                yield session
                kept = not self._closed and await session.is_plain()
                if kept:
                    await session.end_for_now()
            except BaseException as fault:
                await ended(session, fault)
                raise
            if kept:
                self._kept.append(session)
            else:
                await ended(session)

    async def _begun(self) -> Session:
        """A new one begins with its first statement."""
        if not self._kept:
            return opened(self._engine)
        session = self._kept.pop()
        try:
            await session.begin_again(self._begin)
        except BaseException as fault:
            await ended(session, fault)
            raise
        return session

    async def close(self) -> None:
        self._closed = True
        while self._kept:
            await ended(self._kept.pop())
