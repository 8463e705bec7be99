"""Complete reports a second (command, form, submission, card in its channel), on SQLite and on PostgreSQL.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_reports.py [reports])

Bots are processes of their own, over Socket Mode, one to three on PostgreSQL; the sandbox and the people are one more.
Fifty services have a channel each, so that Slack's pace (a message a second and channel) allows fifty cards a second.
A machine with fewer cores than processes shows what the processes take from one another.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

from bench_lateness import CHANNELS, rules
from cast import workspace
from databases import Postgres, free_port, fresh_sqlite, private_server
from support.processes import environment, started

from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import rate_limits
from bot.sandbox.person.people import Person

REPORTS = 400
CALLERS = 10
LONGEST = 120.0
"""Seconds after which cards are waited for no more."""


async def report(person: Person, summary: str, service: int) -> None:
    answer = await person.runs(f"/incident {summary}")
    assert answer.ok, answer.failure
    faults = await person.submits({"Service": f"Service {service}", "Impact": "Just me", "Urgency": "Low"})
    assert not faults, faults


async def reporting(person: Person, numbers: Iterator[int]) -> None:
    for number in numbers:
        await report(person, f"Fault {number} of them", number % CHANNELS)


def cards(slack: Workspace) -> int:
    return sum(call.ok and "Fault" in str(call.args) for call in slack.calls if call.method == "chat.postMessage")


async def measured(slack: Workspace, people: list[Person], reports: int) -> tuple[float, float]:
    """Reports saved a second, and reports whose card is there a second."""
    numbers, began = iter(range(reports)), time.perf_counter()
    slack.calls.clear()
    await asyncio.gather(*(reporting(one, numbers) for one in people))
    saved = time.perf_counter() - began
    while cards(slack) < reports:
        assert time.perf_counter() - began < LONGEST, f"{cards(slack)} of {reports} cards are there"
        await asyncio.wait({asyncio.create_task(asyncio.sleep(0.05))})
    return reports / saved, reports / (time.perf_counter() - began)


async def run(name: str, url: str, number: int, reports: int) -> None:
    slack = workspace(Clock())
    slack.limits.enabled, slack.ack_seconds = False, LONGEST
    rate_limits.POSTS_PER_MINUTE = 60 * CHANNELS
    people = [slack.add_person(f"caller-{one}") for one in range(CALLERS)]
    for one in range(CHANNELS):
        slack.create_channel(f"team-{one}", creator=slack.bot_user.id, is_private=False)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(slack))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        policy = Path(folder) / "policy.toml"
        policy.write_text(rules().text, encoding="utf-8")
        variables = environment(slack, server.api_url, url, policy) | {"SLACK_APP_TOKEN": slack.app_token}
        for _ in range(number):
            await stack.enter_async_context(started(free_port(), variables))
        await report(slack.person("requester"), "Warm", 0)
        saved, seen = await measured(slack, people, reports)
    print(f"{name:24}{saved:8.1f} saved a second {seen:8.1f} with their card a second", flush=True)


async def main(reports: int) -> None:
    print(f"{reports} reports by {CALLERS} people at once, {CHANNELS} channels, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        await run("SQLite, one", fresh_sqlite(Path(folder)), 1, reports)
    with private_server() as server:
        for number in (1, 2, 3):
            await run(f"PostgreSQL, {number}", Postgres(server).fresh(), number, reports)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS))
