"""The processor that a form and its submission take, beside a bare Bolt app that opens a form and saves one row.

    make bench    (or: PYTHONPATH=tests:tests/bench python tests/bench/requests/bench_requests.py)

Both are processes of their own on SQLite, before the same sandbox, one after the other, with 1, 10 and 100 people at
once: milliseconds of the bot's processor a form (from `/incident` until it is open) and a submission (until it is
saved). There are fifty services, so that few open incidents are offered as what reads alike.
Posts are held back by Slack meanwhile, so that cards are not counted with the submissions that they are about.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

from bench_lateness import CHANNELS, rules
from cast import workspace
from support import bare
from support.processes import DESKBELL, environment, processor_seconds, started

from bot.sandbox import Clock, Server
from bot.sandbox.app import triggers
from bot.sandbox.person.people import Person

AT_ONCE = (1, 10, 100)
EACH = 200
"""Forms, and submissions, that are measured at each."""
WARM = 40
PORT = 8795
HELD_SECONDS = 600.0
BOTS = {"a bare app": (bare.__file__, "async"), "Deskbell": DESKBELL}
NUMBERS = count()
Costs = Mapping[int, tuple[float, float]]
"""By people at once: milliseconds a form, and a submission."""


async def asks(person: Person) -> None:
    answer = await person.runs(f"/incident Since noon Service {next(NUMBERS) % CHANNELS} is down")
    assert answer.ok, answer.failure


async def submits(person: Person) -> None:
    faults = await person.submits()
    assert not faults, faults


async def cost(pid: int, people: Sequence[Person], at_once: int, act: Callable[[Person], Awaitable[None]]) -> float:
    before = processor_seconds(pid)
    for start in range(0, len(people), at_once):
        await asyncio.gather(*(act(one) for one in people[start : start + at_once]))
    return (processor_seconds(pid) - before) / len(people) * 1e3


async def measured(command: Sequence[str]) -> Costs:
    slack, triggers.LIFE_SECONDS = workspace(Clock()), HELD_SECONDS
    slack.limits.enabled, slack.ack_seconds = False, HELD_SECONDS
    people = [slack.add_person(f"caller-{one}") for one in range(EACH)]
    async with Server(slack) as server:
        with tempfile.TemporaryDirectory() as folder:
            rulebook = Path(folder) / "policy.toml"
            rulebook.write_text(rules().text, encoding="utf-8")
            variables = environment(slack, server.api_url, f"sqlite:///{folder}/bench.db", rulebook)
            variables |= {"SLACK_SIGNING_SECRET": slack.signing_secret}
            async with started(PORT, variables, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
                slack.faults.add("chat.postMessage", delay=HELD_SECONDS, times=None)
                for one in people[:WARM]:
                    await asks(one)
                    await submits(one)
                found = {}
                for at_once in AT_ONCE:
                    form = await cost(pid, people, at_once, asks)
                    found[at_once] = form, await cost(pid, people, at_once, submits)
                return found


async def main() -> None:
    found = {name: await measured(command) for name, command in BOTS.items()}
    first, second = found.values()
    print(f"processor ms on SQLite, {EACH} each{'a form':>24}{'a submission':>32}")
    for at_once in AT_ONCE:
        pairs = zip(first[at_once], second[at_once], strict=True)
        cells = (f"{ours:6.1f} to {theirs:5.1f} ({ours / theirs:4.2f}×)" for theirs, ours in pairs)
        print(f"{at_once:4} at once, Deskbell to a bare app" + "".join(f"{one:>30}" for one in cells), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
