"""Bots as processes of their own: started until ready, and what they cost."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.sandbox import Workspace

_OF_A_PROCESS = 2
"""As clock_getcpuclockid(3) makes the number of such a clock."""

DESKBELL = ("-m", "bot", "run")


def environment(slack: Workspace, api_url: str, database_url: str, policy: Path) -> dict[str, str]:
    """What a bot needs that serves this workspace; Slack's door, by socket or over HTTP, is the caller's to add."""
    return os.environ | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "DESKBELL_SLACK_API_URL": api_url,
        "DESKBELL_DATABASE_URL": database_url,
        "DESKBELL_POLICY": str(policy),
        "DESKBELL_LOG_LEVEL": "error",
    }


@asynccontextmanager
async def started(
    port: int, environment: Mapping[str, str], command: Sequence[str] = DESKBELL, *, quiet: bool = False
) -> AsyncIterator[int]:
    """The process id, once it is ready; `quiet` drops what it says of its faults."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env={**environment, "DESKBELL_PORT": str(port)},
        stderr=asyncio.subprocess.DEVNULL if quiet else None,
    )
    try:
        async with aiohttp.ClientSession() as http:
            while not await _is_ready(http, port):
                await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=0.01)
                assert process.returncode is None, "the bot ended before it was ready"
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _is_ready(http: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{port}/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


def processor_seconds(pid: int) -> float:
    """By the kernel's clock of that process, which counts nanoseconds; /proc has hundredths of a second."""
    return time.clock_gettime((~pid << 3) | _OF_A_PROCESS)


def processor_of_family(pid: int) -> float:
    """Of a process, all that it started, what those started, and what of all these has ended."""
    told = {int(one.parent.name): _told(one) for one in Path("/proc").glob("[0-9]*/stat")}
    family, grown = {pid}, True
    while grown:
        more = {one for one, stat in told.items() if stat and int(stat[1]) in family} - family
        family, grown = family | more, bool(more)
    return sum(_ticks(told[one], 4) for one in family)


def _told(stat: Path) -> list[str]:
    """From the state on; nothing of a process that has ended meanwhile."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _ticks(stat: Sequence[str], count: int) -> float:
    """Seconds of the first two: in the program and in the system; of four, also what has ended below it."""
    return sum(map(int, stat[11 : 11 + count])) / os.sysconf("SC_CLK_TCK")
