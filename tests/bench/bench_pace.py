"""How much of Slack's pace the relay uses: fifty channels, a message a second each, and all of it due at once.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_pace.py [messages a channel])

Bots are processes of their own, one on SQLite, one and three on PostgreSQL; the sandbox holds every channel to a
message a second, and answers 429 to whoever is quicker. The share is the time that the pace wants to the time that it
took, from the first message to the last.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench_lateness import CHANNELS, accepted, promise, rules
from cast import workspace
from databases import Postgres, free_port, fresh_sqlite, private_server
from support.processes import environment, started

from bot.rules.record.facts import SYSTEM
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import rate_limits
from bot.usecases import policy
from storage.db.database import Database

EACH = 40
HEAD_START = timedelta(seconds=25)
"""Before it all falls due, to write it down and to start the bots."""
LONGEST = 120.0
"""Seconds after which messages are waited for no more."""


async def written(url: str, messages: int) -> None:
    database, now = Database(url), datetime.now(UTC)
    async with database.begin() as tx:
        await policy.adopt(tx, rules(), by=SYSTEM, now=now)
    await promise(database, messages, now + HEAD_START, timedelta(seconds=1))
    await database.close()


async def told(slack: Workspace, messages: int) -> list[datetime]:
    began = time.perf_counter()
    while len(found := accepted(slack)) < messages:
        waited = time.perf_counter() - began
        assert waited < HEAD_START.total_seconds() + LONGEST, f"{len(found)} of {messages} were told"
        await asyncio.wait({asyncio.create_task(asyncio.sleep(0.1))})
    return sorted(found.values())


async def run(name: str, url: str, replicas: int, each: int) -> None:
    slack, messages = workspace(Clock()), each * CHANNELS
    rate_limits.POSTS_PER_MINUTE = 60 * CHANNELS
    for number in range(CHANNELS):
        slack.create_channel(f"team-{number}", creator=slack.bot_user.id, is_private=False)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(slack))
        rulebook = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "policy.toml"
        rulebook.write_text(rules().text, encoding="utf-8")
        variables = environment(slack, server.api_url, url, rulebook) | {"SLACK_APP_TOKEN": slack.app_token}
        await written(url, messages)
        for _ in range(replicas):
            await stack.enter_async_context(started(free_port(), variables))
        times = await told(slack, messages)
    took, refused = (times[-1] - times[0]).total_seconds(), sum(call.error == "ratelimited" for call in slack.calls)
    print(f"{name:16} {messages} messages in {took:.1f} s: {(each - 1) / took:.0%} of the pace, {refused} times 429")


async def main(each: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await run("SQLite", fresh_sqlite(Path(folder)), 1, each)
    with private_server() as server:
        for replicas in (1, 3):
            await run(f"PostgreSQL, {replicas}", Postgres(server).fresh(), replicas, each)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH))
