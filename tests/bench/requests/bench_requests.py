"""The processor that a form and its submission take, beside a bare Bolt app that opens a form and saves one row.

    make bench    (or: PYTHONPATH=tests:tests/bench python tests/bench/requests/bench_requests.py [of each])

All are processes of their own on SQLite, before the same sandbox, one after the other, with 1, 10 and 100 people at
once: milliseconds of the bot's processor a form (from `/incident` until it is open) and a submission (until it is
saved and answered). There are fifty services, so that few open incidents are offered as what reads alike.

Deskbell's relay rests meanwhile, since what is told of a report afterwards (its card, receipts) is no part of the
request; the last line has what that takes, with a relay at work. What each process takes at rest, for its clocks and
jobs, is measured first and taken off. Nobody is refused for being late here, for a machine that has more to do takes
longer by the wall: how many were later than the three seconds that Slack gives stands in the line.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench_lateness import CHANNELS, rules
from cast import workspace
from support import bare, resting
from support.processes import DESKBELL, environment, processor_seconds, started

from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import triggers
from bot.sandbox.person.people import Person

AT_ONCE = (1, 10, 100)
EACH = 200
"""Forms, and submissions, that are measured at each."""
WARM = 40
PORT = 8795
PATIENT_SECONDS = 600.0
SLACK_SECONDS = 3.0
REST_SECONDS = 5.0
TOLD_SECONDS = 20.0
"""By then what is told of the last report has been told."""
BOTS = {"a bare app": (bare.__file__, "async"), "Deskbell": (resting.__file__,)}
NUMBERS = count()


@dataclass
class Cost:
    """Of one kind of request, with so many people at once."""

    ms: float = 0.0
    late: int = 0


@dataclass
class Bot:
    pid: int
    slack: Workspace
    people: Sequence[Person]
    resting: float = 0.0
    """Processor seconds a second, while nobody asks for anything."""

    async def asks(self, person: Person) -> None:
        """Until the form is open: a bare app acknowledges before it opens one."""
        answer = await person.runs(f"/incident Since noon Service {next(NUMBERS) % CHANNELS} is down")
        assert answer.ok, answer.failure
        while person.modal is None:  # noqa: ASYNC110 - the sandbox tells nobody when
            await asyncio.sleep(0.005)

    async def submits(self, person: Person) -> None:
        faults = await person.submits()
        assert not faults, faults

    async def rests(self, seconds: float = REST_SECONDS) -> None:
        began, before = time.perf_counter(), processor_seconds(self.pid)
        await asyncio.sleep(seconds)
        self.resting = (processor_seconds(self.pid) - before) / (time.perf_counter() - began)

    @asynccontextmanager
    async def spending(self, cost: Cost) -> AsyncIterator[None]:
        began, before = time.perf_counter(), processor_seconds(self.pid)
        yield
        used = processor_seconds(self.pid) - before - self.resting * (time.perf_counter() - began)
        cost.ms = used / len(self.people) * 1e3

    async def cost(self, at_once: int, act: Callable[[Person], Awaitable[None]]) -> Cost:
        cost, waited = Cost(), []

        async def timed(person: Person) -> None:
            began = time.perf_counter()
            await act(person)
            waited.append(time.perf_counter() - began)

        async with self.spending(cost):
            for start in range(0, len(self.people), at_once):
                await asyncio.gather(*(timed(one) for one in self.people[start : start + at_once]))
        cost.late = sum(one > SLACK_SECONDS for one in waited)
        return cost


@asynccontextmanager
async def serving(command: Sequence[str], number: int) -> AsyncIterator[Bot]:
    slack, triggers.LIFE_SECONDS = workspace(Clock()), PATIENT_SECONDS
    slack.limits.enabled, slack.ack_seconds = False, PATIENT_SECONDS
    people = [slack.add_person(f"caller-{one}") for one in range(number)]
    async with Server(slack) as server:
        with tempfile.TemporaryDirectory() as folder:
            rulebook = Path(folder) / "policy.toml"
            rulebook.write_text(rules().text, encoding="utf-8")
            variables = environment(slack, server.api_url, f"sqlite:///{folder}/bench.db", rulebook)
            variables |= {"SLACK_SIGNING_SECRET": slack.signing_secret}
            async with started(PORT, variables, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
                bot = Bot(pid, slack, people)
                for one in people[:WARM]:
                    await bot.asks(one)
                    await bot.submits(one)
                yield bot


async def measured(command: Sequence[str], number: int) -> Mapping[int, tuple[Cost, Cost]]:
    async with serving(command, number) as bot:
        await bot.rests()
        return {one: (await bot.cost(one, bot.asks), await bot.cost(one, bot.submits)) for one in AT_ONCE}


async def told(number: int) -> float:
    """Milliseconds a submission with all that is told of it."""
    async with serving(DESKBELL, number) as bot:
        await bot.rests(TOLD_SECONDS)
        await bot.rests()
        await bot.cost(1, bot.asks)
        cost = Cost()
        async with bot.spending(cost):
            await bot.cost(1, bot.submits)
            await asyncio.sleep(TOLD_SECONDS)
        return cost.ms


def cell(ours: Cost, theirs: Cost) -> str:
    late = f", {ours.late} and {theirs.late} late" if ours.late or theirs.late else ""
    return f"{ours.ms:5.1f} to {theirs.ms:4.1f} ({ours.ms / theirs.ms:4.2f}×){late}"


async def main(number: int) -> None:
    found = {name: await measured(command, number) for name, command in BOTS.items()}
    first, second = found.values()
    print(
        f"processor ms on SQLite, {number} each, Deskbell to a bare app; late: after {SLACK_SECONDS:.0f} s by the wall"
    )
    for at_once in AT_ONCE:
        form, submission = (cell(ours, theirs) for theirs, ours in zip(first[at_once], second[at_once], strict=True))
        print(f"{at_once:4} at once: a form {form}; a submission {submission}", flush=True)
    print(f"a submission with all that is told of it: {await told(min(number, CHANNELS)):.1f} ms", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH))
