"""Admits requests a few at a time.

An event loop gives each task that is ready a turn before it looks at its sockets again. Of 500 requests that come in
one second each would so begin before the first could be answered, and all of them would be late together.
"""

import asyncio
from collections import deque

AT_ONCE = 4
"""Requests that begin between two looks at the sockets, some 2 ms each."""


class Admission:
    def __init__(self) -> None:
        self._free = AT_ONCE
        self._turning = False
        self._queue: deque[asyncio.Future[None]] = deque()

    async def passed(self) -> None:
        """At once, where few have come; else in the order of coming."""
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            loop.call_soon(self._turn, loop)
        if self._free and not self._queue:
            self._free -= 1
            return
        waiting = loop.create_future()
        self._queue.append(waiting)
        await waiting

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._free = AT_ONCE
        while self._free and self._queue:
            first = self._queue.popleft()
            # Who hung up meanwhile takes nobody's place.
            if not first.done():
                first.set_result(None)
                self._free -= 1
        self._turning = self._free < AT_ONCE
        if self._turning:
            loop.call_soon(self._turn, loop)
