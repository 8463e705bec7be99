"""Sessions that SQLite's readers keep from one read to the next.

SQLAlchemy makes a session for each, takes a connection out of its pool, begins, commits, resets the connection and puts
it back: that took as long as all that a form reads. Kept, a snapshot begins and ends by a statement each.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.db.session import Session, ended, opened


class Readers:
    """For reads on the event loop, where nobody can be cancelled in the middle of a statement."""

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self._engine, self._room = engine, asyncio.Semaphore(most)
        self._kept: list[Session] = []
        self._closed = False

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """One consistent state of the database. A session is not kept that an exception ended, or a savepoint is in."""
        async with self._room:
            session = await self._begun()
            try:
                yield session
                kept = not self._closed and session.is_plain()
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
            await session.begin_again()
        except BaseException as fault:
            await ended(session, fault)
            raise
        return session

    async def close(self) -> None:
        self._closed = True
        while self._kept:
            await ended(self._kept.pop())
