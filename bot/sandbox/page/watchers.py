"""Tells each open page what changed in the workspace (server-sent events)."""

import asyncio
from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Watcher:
    """What changed since it last looked; many changes between two looks are one."""

    def __init__(self) -> None:
        self.channels: set[str] = set()
        self.people: set[str] = set()
        self.clock = False
        self.stirred = asyncio.Event()

    def look(self) -> tuple[list[str], list[str], bool]:
        """Channel names, handles, and whether the clock was moved; forgotten once told."""
        seen = sorted(self.channels), sorted(self.people), self.clock
        self.channels, self.people, self.clock = set(), set(), False
        self.stirred.clear()
        return seen


class Changes:
    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    @contextmanager
    def watch(self) -> "Iterator[Watcher]":
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def touch(self, channels: Iterable[str] = (), people: Iterable[str] = ()) -> None:
        """Something in these channels, or on these people's own screens, is new."""
        for watcher in self._watchers:
            watcher.channels.update(channels)
            watcher.people.update(people)
            watcher.stirred.set()

    def clock_moved(self) -> None:
        for watcher in self._watchers:
            watcher.clock = True
            watcher.stirred.set()
