"""Lets work that has begun end before what it uses is closed."""

import asyncio
from contextlib import suppress
from typing import Any

END_SECONDS = 5.0
"""How long the end waits for what is being done; a supervisor waits ten."""


class AtWork:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def note(self) -> None:
        """The task that calls is one of them, until it is done."""
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Returns when all have come to their end, those too that begin meanwhile; or when that takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                while self._tasks:
                    await asyncio.wait(self._tasks)
