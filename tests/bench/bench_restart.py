"""A desk on SQLite is stopped as a supervisor stops it, and started again: for how long is nobody served?

make bench    (or: PYTHONPATH=tests python tests/bench/bench_restart.py [--keep FOLDER] [CLOSED INCIDENTS [RESTARTS]])

Somebody runs commands all the while, and one word is said to the app while it is down: that is an event, which Slack
sends again. `processor` is what a start takes until it is ready, `importing` its part of it: figures that other work on
the machine leaves alone.
"""

import argparse
import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cast import workspace
from databases import free_port
from support.processes import processor_seconds, started
from support.seeded import on_sqlite

from bot.sandbox import Clock, Server, Workspace

PORT = free_port()
CLOSED, RESTARTS = 100_000, 5
EACH_SECONDS = 0.05


@dataclass(frozen=True)
class Restart:
    importing: float
    """Seconds of processor, as are the next."""
    processor: float
    stopping: float
    """From SIGTERM until its process had ended."""
    starting: float
    """From there until it was ready."""
    unserved: float
    """Between the last command that was answered before and the first one after."""
    failed: int
    """Commands that nobody answered: their person was told to try again."""


async def importing() -> float:
    code = (
        "import time\nfrom bot.cli.collector import uncollected\nwith uncollected():\n    import bot.app, bot.cli.run\n"
        "print(time.process_time())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    return float((await process.communicate())[0])


async def asking(slack: Workspace, answered: list[float], failed: list[float]) -> None:
    requester = slack.person("requester")
    while True:
        (answered if (await requester.runs("/incident list")).ok else failed).append(time.perf_counter())
        await asyncio.sleep(EACH_SECONDS)


async def restarted(slack: Workspace, environment: dict[str, str], word: str) -> Restart:
    """One process follows another; what was said to the app in between is answered once Slack sends it again."""
    agent, answered, failed = slack.person("agent"), list[float](), list[float]()
    asked = asyncio.create_task(asking(slack, answered, failed))
    async with started(PORT, environment):
        await asyncio.sleep(1)
        told = time.perf_counter()
    ended = time.perf_counter()
    before = len(agent.notes("DM"))
    await agent.says(word, "DM")
    async with started(PORT, environment) as pid:
        ready, processor = time.perf_counter(), processor_seconds(pid)
        while not answered or answered[-1] < ended:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        asked.cancel()
        with suppress(asyncio.CancelledError):
            await asked
        slack.clock.forward(minutes=5)  # Slack sends it at once again, after a minute, and after five
        async with asyncio.timeout(30):
            while len(agent.notes("DM")) == before:  # noqa: ASYNC110 - the workspace tells nobody of its notes
                await asyncio.sleep(0.02)
        assert word in agent.notes("DM")[-1], agent.notes("DM")[before:]
    last = max(one for one in answered if one < ended)
    first = min(one for one in answered if one > ended)
    return Restart(
        await importing(), processor, ended - told, ready - ended, first - last,
        sum(last < one < first for one in failed),
    )  # fmt: skip


async def main(url: str, restarts: int) -> None:
    slack = workspace(Clock())
    slack.limits.enabled = False
    async with Server(slack) as server:
        environment = os.environ | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "DESKBELL_SLACK_API_URL": server.api_url,
            "DESKBELL_DATABASE_URL": url,
            "DESKBELL_LOG_LEVEL": "error",
        }
        server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
        await importing()
        found = [await restarted(slack, environment, f"INC-{150 + number}") for number in range(restarts)]
    for name in ("importing", "processor", "stopping", "starting", "unserved"):
        took = [getattr(one, name) for one in found]
        print(f"{name:10} {' '.join(f'{one:6.2f}' for one in took)}   {median(took):6.2f}")
    print(f"commands that were not answered meanwhile: {' '.join(str(one.failed) for one in found)}")


if __name__ == "__main__":
    told = argparse.ArgumentParser()
    told.add_argument("closed", nargs="?", type=int, default=CLOSED)
    told.add_argument("restarts", nargs="?", type=int, default=RESTARTS)
    told.add_argument("--keep", type=Path)
    asked = told.parse_args()
    with on_sqlite(asked.closed, asked.keep) as seeded:
        print(f"{asked.closed:,} closed incidents; seconds of {asked.restarts} restarts, and their median")
        asyncio.run(main(seeded, asked.restarts))
