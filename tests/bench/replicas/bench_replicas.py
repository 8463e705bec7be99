"""What replicas add up to on PostgreSQL: reports a second with one, two and three bots, and what they wait for.

    make bench    (or: PYTHONPATH=tests:tests/bench python tests/bench/replicas/bench_replicas.py [seconds] [people])

Bots are processes of their own; people report over HTTP, spread over them, as quickly as they are answered. The
sandbox, the bots and the server share one machine, so that reports a second tell of its cores. What does not: a
hundred times a second PostgreSQL is asked who waits for a lock of somebody else's (`pg_stat_activity`). The time in
which anybody does, shared out to the reports, is what is done one after another, whatever the machine: a thousand by
it is the most reports a second that any number of replicas can come to.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

import psycopg
from bench_lateness import CHANNELS, rules
from cast import workspace
from databases import Postgres, free_port, private_server
from support.processes import environment, processor_seconds, started

from bot.rules.record.facts import SYSTEM
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import triggers
from bot.sandbox.app.delivery import Ack, HttpDoor
from bot.sandbox.person.people import Person
from bot.usecases import policy
from storage.db.database import Database

SECONDS, PEOPLE = 20.0, 24
REPLICAS = (1, 2, 3)
LOOK_SECONDS = 0.01
NUMBERS = count()
LOOK = """
SELECT waits.wait_event, left(regexp_replace(waits.query, '\\s+', ' ', 'g'), 90),
  coalesce(holds.state || ' ' || left(regexp_replace(holds.query, '\\s+', ' ', 'g'), 60), 'who has ended')
FROM pg_stat_activity waits
LEFT JOIN pg_stat_activity holds ON holds.pid = (pg_blocking_pids(waits.pid))[1]
WHERE waits.datname = current_database() AND waits.wait_event_type = 'Lock' AND waits.pid <> pg_backend_pid()
"""


class Spread:
    """One request to each bot in turn."""

    def __init__(self, doors: list[HttpDoor]) -> None:
        self._doors = cycle(doors)

    async def send(self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None) -> Ack:
        return await next(self._doors).send(kind, payload, retry)


@dataclass
class Waits:
    looks: int = 0
    waiting: int = 0
    """Looks at which anybody waited for somebody else's lock."""
    seconds: float = 0.0
    """Between two looks, on average."""
    by: Counter[str] = field(default_factory=Counter)
    """What waited, by its statement and by what the one whom it waited for did."""


def watched(url: str, until: float) -> Waits:
    found, began = Waits(), time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < until:
            waits = connection.execute(LOOK).fetchall()
            found.looks += 1
            found.waiting += bool(waits)
            found.by.update(f"{event}: {query}, for {holder}" for event, query, holder in waits)
            time.sleep(LOOK_SECONDS)
    found.seconds = (time.perf_counter() - began) / max(found.looks, 1)
    return found


async def reports(person: Person, until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        answer = await person.runs("/incident The screens are dark")
        assert answer.ok, answer.failure
        service = f"Service {next(NUMBERS) % CHANNELS}"
        faults = await person.submits({"Service": service, "Impact": "Just me", "Urgency": "Low"})
        assert not faults, faults
        done += 1
    return done


async def prepared(url: str, slack: Workspace) -> None:
    for number in range(CHANNELS):
        slack.create_channel(f"team-{number}", creator=slack.bot_user.id, is_private=False)
    database = Database(url)
    async with database.begin() as tx:
        await policy.adopt(tx, rules(), by=SYSTEM, now=slack.clock.now())
    await database.close()


async def measured(url: str, replicas: int, seconds: float, number: int) -> tuple[int, Waits, float]:
    """Reports, what was waited for, and milliseconds of the bots' processors a report."""
    slack = workspace(Clock())
    slack.limits.enabled, slack.ack_seconds = False, 60.0
    triggers.LIFE_SECONDS = 60.0  # they are many for this machine, and what is measured is not whether they wait
    people = [slack.add_person(f"caller-{one}") for one in range(number)]
    await prepared(url, slack)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(slack))
        rulebook = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "policy.toml"
        rulebook.write_text(rules().text, encoding="utf-8")
        variables = environment(slack, server.api_url, url, rulebook) | {"SLACK_SIGNING_SECRET": slack.signing_secret}
        ports = [free_port() for _ in range(replicas)]
        pids = [await stack.enter_async_context(started(port, variables)) for port in ports]
        doors = [HttpDoor(slack, f"http://127.0.0.1:{port}/slack/events", server._session) for port in ports]
        slack.delivery.http = Spread(doors)  # type: ignore[assignment]
        for name in ("agent", "manager"):
            await slack.person(name).opens_home()
        await reports(people[0], time.perf_counter() + 2)
        before, until = sum(map(processor_seconds, pids)), time.perf_counter() + seconds
        waits = asyncio.create_task(asyncio.to_thread(watched, url, until))
        done = sum(await asyncio.gather(*(reports(one, until) for one in people)))
        return done, await waits, (sum(map(processor_seconds, pids)) - before) / done * 1e3


async def main(seconds: float, number: int) -> None:
    print(f"{number} people report for {seconds:.0f} s; {os.cpu_count()} cores")
    first = 0.0
    with private_server() as server:
        for replicas in REPLICAS:
            done, waits, processor = await measured(Postgres(server).fresh(), replicas, seconds, number)
            rate = done / seconds
            first = first or rate
            serial = waits.waiting * waits.seconds / done * 1e3
            print(
                f"{replicas} replicas: {rate:5.1f} reports a second ({rate / first:.2f}×), "
                f"{processor:.1f} ms of a core a report; somebody waited at {waits.waiting} of {waits.looks} looks, "
                f"so {serial:.2f} ms a report are done one after another",
                flush=True,
            )
            for what, times in waits.by.most_common(4):
                print(f"    {times:4} {what}")


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    asyncio.run(main(given[0] if given else SECONDS, int(given[1]) if len(given) > 1 else PEOPLE))
