"""The processor that a form and its submission take, beside a bare Bolt app that opens a form and saves one row.

    make bench    (or: PYTHONPATH=tests:tests/bench python tests/bench/requests/bench_requests.py [people])

Both are processes of their own on SQLite, each before a sandbox, with 1, 10 and 100 people at once: milliseconds of the
bot's processor a form (from `/incident` until it is open) and a submission (until it is saved and answered). There are
fifty services, so that few open incidents are offered as what reads alike. They take turns, round by round, since what
else a machine does makes both dearer: the figures are the rounds' medians, and so is what one is of the other.

Deskbell's relay rests meanwhile, since what is told of a report afterwards (its card, receipts) is no part of the
request; the last line has what that takes, with a relay at work. What each process takes at rest, for its clocks and
jobs, is measured first and taken off. Nobody is refused for being late here, for a machine that has more to do takes
longer by the wall: how many were later than the three seconds that Slack gives stands in the line.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from bench_lateness import CHANNELS, rules
from cast import workspace
from databases import free_port
from support import bare, resting
from support.processes import DESKBELL, environment, processor_seconds, started

from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import triggers
from bot.sandbox.person.people import Person

AT_ONCE = (1, 10, 100)
EACH = 100
"""Forms, and submissions, that are measured in each round."""
ROUNDS = 5
WARM = 40
PORTS = (free_port(), free_port())
PATIENT_SECONDS = 600.0
SLACK_SECONDS = 3.0
REST_SECONDS = 5.0
AFTER_SECONDS = 0.3
"""A form that is seen to be open is not all: a bare app reads Slack's answer then, and takes its connection down."""
TOLD_SECONDS = 20.0
"""By then what is told of the last report has been told."""
BOTS = ((bare.__file__, "async"), (resting.__file__,))
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
        await asyncio.sleep(AFTER_SECONDS)
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
async def serving(command: Sequence[str], number: int, port: int = PORTS[0]) -> AsyncIterator[Bot]:
    slack, triggers.LIFE_SECONDS = workspace(Clock()), PATIENT_SECONDS
    slack.limits.enabled, slack.ack_seconds = False, PATIENT_SECONDS
    people = [slack.add_person(f"caller-{one}") for one in range(number)]
    async with Server(slack) as server:
        with tempfile.TemporaryDirectory() as folder:
            rulebook = Path(folder) / "policy.toml"
            rulebook.write_text(rules().text, encoding="utf-8")
            variables = environment(slack, server.api_url, f"sqlite:///{folder}/bench.db", rulebook)
            variables |= {"SLACK_SIGNING_SECRET": slack.signing_secret}
            async with started(port, variables, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{port}/slack/events")
                bot = Bot(pid, slack, people)
                for one in people[:WARM]:
                    await bot.asks(one)
                    await bot.submits(one)
                yield bot


async def measured(at_once: int, number: int) -> Sequence[Sequence[tuple[Cost, Cost]]]:
    """Rounds, each with a form and a submission of either bot, a bare app's and Deskbell's.

    Both are new, since the more is open, the more of it a form offers.
    """
    async with AsyncExitStack() as stack:
        bots = [
            await stack.enter_async_context(serving(command, number, port))
            for command, port in zip(BOTS, PORTS, strict=True)
        ]
        for bot in bots:
            await bot.rests()
        return [
            [(await bot.cost(at_once, bot.asks), await bot.cost(at_once, bot.submits)) for bot in bots]
            for _ in range(ROUNDS)
        ]


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


def cell(rounds: Sequence[tuple[Cost, Cost]]) -> str:
    """A bare app's and ours, of each round."""
    theirs, ours, times = (
        median(each) for each in zip(*((one.ms, two.ms, two.ms / one.ms) for one, two in rounds), strict=True)
    )
    their_late, our_late = (sum(one.late for one in each) for each in zip(*rounds, strict=True))
    late = f", {our_late} and {their_late} late" if our_late or their_late else ""
    return f"{ours:5.2f} to {theirs:4.2f} ({times:4.2f}×){late}"


async def main(number: int) -> None:
    print(
        f"processor ms on SQLite, medians of {ROUNDS} rounds of {number}, Deskbell to a bare app; "
        f"late: after {SLACK_SECONDS:.0f} s by the wall"
    )
    for at_once in AT_ONCE:
        rounds = await measured(at_once, number)
        form, submission = (cell([(theirs[which], ours[which]) for theirs, ours in rounds]) for which in (0, 1))
        print(f"{at_once:4} at once: a form {form}; a submission {submission}", flush=True)
    print(f"a submission with all that is told of it: {await told(min(number, CHANNELS)):.1f} ms", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH))
