"""The bots' processes as the harness handles them: started, killed, frozen, thawed, asked to stop."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from bot_process import Order
from checks.process_log import Strings
from databases import free_port
from release_before import Release

THIS = Release()
START_SECONDS = 60.0


class ProcessPool:
    """Where processes are started, by one thread at a time: tests share it, each with an event loop of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._turn = threading.Lock()

    async def start_process(self, order: Order) -> int:
        """The process id of what was started."""
        return await asyncio.to_thread(self._ordered, (json.dumps(asdict(order)) + "\n").encode())

    def _ordered(self, line: bytes) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@contextmanager
def process_pool(release: Release = THIS) -> Iterator[ProcessPool]:
    script = str(release.folder / "tests" / "faults" / "process_pool.py")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, script], env=release.environment, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        try:
            yield ProcessPool(process)
        finally:
            process.stdin.close()
            process.wait()


@dataclass
class Replica:
    """One place for a process; who dies there is followed by another."""

    process_pool: ProcessPool
    order: Order
    pid: int = 0
    lives: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def diary(self) -> Path:
        return Path(self.order.folder) / f"{self.name}.diary"

    @property
    def strings(self) -> Strings:
        return Strings(Path(self.order.folder) / f"{self.order.name}.strings")

    @property
    def name(self) -> str:
        return f"{self.order.name}-{self.lives}"

    @property
    def events_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self, **struck: Any) -> None:
        """Starts a process; it is not ready yet. `struck`: an order's point, times, spared points and signal."""
        # To its end, even if nobody waits for it any more: what is born must be known, to be killed one day.
        await asyncio.shield(self._start(struck))

    async def _start(self, struck: dict[str, Any]) -> None:
        async with self._turn:
            self.lives += 1
            self.port, self.ended = free_port(), asyncio.Event()
            settings = self.order.settings | {"port": self.port}
            order = replace(self.order, name=self.name, settings=settings, **struck)
            self.pid = await self.process_pool.start_process(order)
            self._follow(self.pid, self.ended)

    def _follow(self, pid: int, ended: asyncio.Event) -> None:
        """Hears of the process's end through a descriptor, since it is not our child."""
        watch, loop = os.pidfd_open(pid), asyncio.get_running_loop()

        def over() -> None:
            loop.remove_reader(watch)
            os.close(watch)
            ended.set()

        loop.add_reader(watch, over)

    async def ready(self) -> None:
        """Started again where it ended before it was ready, as a supervisor does. Raises RuntimeError."""
        until = monotonic() + START_SECONDS
        while not self._is_ready():
            if monotonic() > until:
                raise RuntimeError(f"{self.name} does not get ready:\n{self.log()[-2000:]}")
            if self.ended.is_set():
                await self.start()
            await asyncio.sleep(0.02)

    def log(self) -> str:
        return self.diary.with_suffix(".log").read_text()

    def _is_ready(self) -> bool:
        return self.diary.exists() and '"ready"' in self.diary.read_text()

    @property
    def alive(self) -> bool:
        return self.pid != 0 and not self.ended.is_set()

    @property
    def is_stopped(self) -> bool:
        """Whether a SIGSTOP holds it."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        except FileNotFoundError:
            return False

    def signal(self, number: signal.Signals) -> None:
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def is_alive(self) -> bool:
        """Whether it is alive, once nobody is about to start or kill it."""
        async with self._turn:
            return self.alive

    async def kill(self) -> None:
        # To its end, even if nobody waits for it any more: who is taken for alive is followed by nobody.
        await asyncio.shield(self._kill())

    async def _kill(self) -> None:
        async with self._turn:
            self.signal(signal.SIGKILL)
            await self.ended.wait()

    async def succeeded(self) -> None:
        """Another process takes this one's place, and this one is asked to go while both are there.

        On SQLite, which is for one process, it goes first.
        """
        if str(self.order.settings["database_url"]).startswith("sqlite"):
            await self.stop()
            await self.start()
            await self.ready()
        else:
            before = replace(self)
            try:
                await self.start()
                await self.ready()
            finally:
                await before.stop()

    async def stop(self) -> None:
        """SIGTERM, and waits for the end."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self.ended.wait()
        except TimeoutError:
            await self.kill()
            raise
