"""500 people type `/incident` in the same second, and Slack takes 300 ms to answer each call: whose forms open in time?

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_burst.py [people])

Three bots, each a process of its own, before the same sandbox: Deskbell on SQLite, an AsyncApp that opens a fixed form
and does nothing else, and the same on a synchronous App behind Starlette, as Bolt's own examples have it. Figures are
seconds from the command to the open form. Slack gives it three seconds (`expired_trigger_id`); the sandbox does not
refuse what is later here, so that a machine with other work has a figure too, and counts what was in time.
"""

import asyncio
import gc
import os
import sys
import tempfile
import time
from collections.abc import Sequence

from cast import workspace
from databases import free_port
from support import bare
from support.processes import DESKBELL, processor_seconds, started

from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import triggers
from bot.sandbox.person.people import Person
from bot.sandbox.state import View

PEOPLE = 500
SLACK_SECONDS = 0.3
TRIGGER_SECONDS = 3.0
LONGEST = 120.0
"""Seconds after which a person is given up."""
PORT = free_port()

BOTS = {
    "Deskbell": DESKBELL,
    "AsyncApp, a bare form": (bare.__file__, "async"),
    "App behind Starlette, a bare form": (bare.__file__, "sync"),
}


class Screens(dict[str, list[View]]):
    """People's modals, and when each was opened by `time.perf_counter()`."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: dict[str, float] = {}

    def __setitem__(self, user: str, stack: list[View]) -> None:
        super().__setitem__(user, stack)
        self.opened[user] = time.perf_counter()


async def burst(slack: Workspace, people: list[Person]) -> list[float]:
    """Seconds until each form opened that did, the quickest first."""
    slack.modals = screens = Screens()
    slack.faults.add("views.open", delay=SLACK_SECONDS, times=None)
    gc.collect()
    gc.freeze()  # the sandbox stands in for a Slack that never pauses
    began = time.perf_counter()
    await asyncio.gather(*(person.runs("/incident VPN is down") for person in people))
    late = began + LONGEST
    # A form may come after its acknowledgement, and the sandbox tells nobody when.
    while len(screens) < len(people) and time.perf_counter() < late:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    slack.faults.clear()
    return sorted(at - began for at in screens.opened.values())


async def measured(number: int, command: Sequence[str]) -> tuple[list[float], float]:
    """What they waited, and the bot's processor time in seconds."""
    slack, triggers.LIFE_SECONDS = workspace(Clock()), LONGEST
    slack.limits.enabled, slack.ack_seconds = False, LONGEST
    people = [slack.add_person(f"caller-{one}") for one in range(number)]
    async with Server(slack) as server:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "DESKBELL_SLACK_API_URL": server.api_url,
                "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "DESKBELL_LOG_LEVEL": "error",
            }
            async with started(PORT, environment, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
                await slack.person("requester").runs("/incident warm")
                before = processor_seconds(pid)
                waited = await burst(slack, people)
                return waited, processor_seconds(pid) - before


async def main(number: int) -> None:
    print(f"{number} people at once, Slack answers in {SLACK_SECONDS:.1f} s; seconds to the open form")
    found: dict[str, float] = {}
    for name, command in BOTS.items():
        waited, busy = await measured(number, command)
        found[name] = waited[int(len(waited) * 0.99)] if waited else float("inf")
        if waited:
            spread = f"p50 {waited[len(waited) // 2]:5.2f}   p99 {waited[int(len(waited) * 0.99)]:5.2f}"
        else:
            spread = "none opened"
        in_time = sum(one <= TRIGGER_SECONDS for one in waited)
        opened = f"{len(waited):4} of {number} opened, {in_time} in time"
        print(f"{name:36}{opened}   {spread}   {busy / number * 1e3:.1f} ms of a core each", flush=True)
    first, second = list(found.values())[:2]
    print(f"p99 of Deskbell to that of the bare form: {first / second:.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
