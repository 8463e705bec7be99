"""What people and jobs do costs on a desk of a thousand incidents and on a large one, on both databases.

    PYTHONPATH=tests python tests/bench/bench_growth.py [--on sqlite|postgresql] [--only WORD] [SIZE ...]

Sizes are closed incidents (1,000 and 100,000 unless told), each desk with 2,000 open ones beside (`seeding.py`). On
SQLite processor milliseconds, on PostgreSQL wall milliseconds, the sandbox in the same process; the median of several,
and behind it how many statements. The last column is the ratio of the last size to the first: what is above 1.5 grows.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import seeding
from cast import MONDAY, Desk, open_desk
from change_steps import freezes
from databases import Postgres, fresh_sqlite, private_server
from sqlalchemy import event

from bot.sandbox.person.people import Person
from storage.delivery import posts

SIZES = (1_000, 100_000)
TIMES = 5
GROWS = 1.5
FLAW = {"Service": "Service 7", "Impact": "Everyone", "Urgency": "High"}
LISTS = (
    "", "mine", "assigned", "unassigned", "P1", "service:s7", '"slow"', "age>7d", "due<8h", "closed",
    "closed service:s7", 'all "printer"', 'all "nowhere at all"', "all mine",
)  # fmt: skip
NUMBERS = count()


@dataclass
class Bench:
    desk: Desk
    wall: bool
    only: str
    took: dict[str, tuple[float, int]] = field(default_factory=dict)
    statements: int = 0

    def heard(self, *_: Any) -> None:
        self.statements += 1

    @contextmanager
    def _timed(self, into: list[float]) -> Iterator[None]:
        began = self._now()
        yield
        into.append((self._now() - began) * 1e3)

    def _now(self) -> float:
        return time.perf_counter() if self.wall else time.process_time()

    async def times(
        self,
        name: str,
        act: Callable[[], Awaitable[object]],
        *,
        first: Callable[[], Awaitable[object]] | None = None,
        then: Callable[[], Awaitable[object]] | None = None,
        times: int = TIMES,
    ) -> None:
        """What `act` costs; what comes before and behind it is not counted."""
        if self.only not in name:
            return
        took: list[float] = []
        for _ in range(times):
            if first:
                await first()
            self.statements = 0
            with self._timed(took):
                await act()
            said = self.statements
            if then:
                await then()
        self.took[name] = (statistics.median(took), said)


def runs(person: Person, command: str) -> Callable[[], Awaitable[None]]:
    async def act() -> None:
        answer = await person.runs(command)
        assert answer.ok, (command, answer.failure)

    return act


async def people(bench: Bench) -> None:
    """What somebody waits for."""
    desk = bench.desk
    requester, agent, manager, approver = desk.requester, desk.agent, desk.manager, desk.approver

    async def form() -> None:
        await runs(requester, f"/incident Service 7 is slow {next(NUMBERS)}")()

    async def types() -> None:
        await requester.fills({"Service": "Service 7"})

    async def submits() -> None:
        assert not await requester.submits(FLAW)

    async def reported() -> None:
        await form()
        await submits()
        await desk.settles()

    newest = seeding.FIRST + size_of(desk) + seeding.OPEN

    async def acknowledges() -> None:
        nonlocal newest
        newest += 1
        await runs(agent, f"/incident ack INC-{newest}")()

    await bench.times("a report's form", form, then=requester.closes)
    await form()
    await bench.times("typing in it", types)
    await requester.closes()
    before = len(bench.took)
    await bench.times("a report saved", submits, first=form)
    await bench.times("its card delivered", desk.settles, first=lambda: _both(form, submits))
    if len(bench.took) > before:
        newest += TIMES
        await desk.settles()
    await bench.times("acknowledged", acknowledges, first=reported, then=desk.settles)
    await bench.times("redrawn after that", desk.settles, first=lambda: _both(reported, acknowledges))
    for asked in LISTS:
        await bench.times(f"/incident list {asked}", runs(agent, f"/incident list {asked}"))
    await bench.times(
        "/incident list closed, next page", lambda: agent.clicks("Next"), first=runs(agent, "/incident list closed")
    )
    await bench.times("/incident INC-150", runs(agent, "/incident INC-150"))
    await bench.times("/incident why", runs(agent, "/incident why INC-150"))
    await bench.times("/incident timeline", runs(agent, "/incident timeline INC-150"))
    await bench.times("/sla", runs(agent, "/sla"))
    await bench.times("/sla service", runs(agent, "/sla service Service 7"))
    for name, person in (("reporter", requester), ("agent", agent), ("manager", manager), ("approver", approver)):
        await bench.times(f"App Home, {name}", lambda one=person: _home(desk, one))
    await changes(bench)


async def changes(bench: Bench) -> None:
    desk = bench.desk
    requester, manager, approver = desk.requester, desk.manager, desk.approver
    asked = seeding.FIRST + size_of(desk) // seeding.CHANGE_ONE_IN + seeding.OPEN_CHANGES

    async def asks() -> None:
        nonlocal asked
        asked += 1
        await desk.asks_for_change(f"Upgrade the gateway {asked}")

    async def approves() -> None:
        await runs(approver, f"/change approve CHG-{asked}")()

    await bench.times("a change's form", runs(requester, "/change New gateway"), then=requester.closes)
    await bench.times("a change approved", approves, first=asks, then=desk.settles)
    for command in ("list", "list mine", "list closed", 'list all "archive"', "approvals", "cab"):
        await bench.times(f"/change {command}", runs(manager, f"/change {command}"))
    for command in ("calendar", "calendar month"):
        await bench.times(f"/change {command}", runs(manager, f"/change {command}"))
    spans = count(60)

    async def frozen() -> None:
        begins = MONDAY + timedelta(days=next(spans))
        await freezes(desk, From=begins, To=begins + timedelta(hours=2))

    await bench.times("a freeze made", frozen, times=3)


async def jobs(bench: Bench) -> None:
    """What runs by itself."""
    desk, done = bench.desk, bench.desk.bot.jobs

    async def last_message() -> None:
        async with desk.bot.database.read() as tx:
            await posts.last_in(tx, "#service-desk")

    await bench.times("last message of a channel", last_message)
    for name in ("sweep", "seal", "audit", "prune", "tidy"):
        await bench.times(f"job: {name}", getattr(done, name))
    await bench.times("metrics", desk.bot.scrape, times=3)
    await bench.times("directory refreshed", desk.bot.refresh_directory, times=3)


SLOW = "WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 1500000) SELECT count(*) FROM s"


async def beside(bench: Bench) -> None:
    """What a read that takes long adds to another's form, in wall ms."""
    desk = bench.desk

    async def reads() -> None:
        async with desk.bot.database.read(long=True) as tx:
            await (await tx.connection()).exec_driver_sql(SLOW)

    async def form() -> float:
        began = time.perf_counter()
        await runs(desk.requester, "/incident Service 7 is slow")()
        took = time.perf_counter() - began
        await desk.requester.closes()
        return took * 1e3

    alone = [await form() for _ in range(20)]
    began, slow = time.perf_counter(), asyncio.create_task(reads())
    among = [await form()]
    while not slow.done():
        among.append(await form())
    lasted = time.perf_counter() - began
    first, then = statistics.median(alone), statistics.median(among)
    print(f"a form alone {first:.1f} ms, beside a read of {lasted:.1f} s {then:.1f} ms (wall)", flush=True)


async def _both(*acts: Callable[[], Awaitable[object]]) -> None:
    for act in acts:
        await act()


async def _home(desk: Desk, person: Person) -> None:
    await person.opens_home()
    await desk.settles()


SIZE: dict[int, int] = {}


def size_of(desk: Desk) -> int:
    return SIZE[id(desk)]


async def measured(url: str, size: int, only: str) -> dict[str, tuple[float, int]]:
    await seeding.seed(url, size)
    async with open_desk(url) as desk:
        SIZE[id(desk)] = size
        desk.slack.limits.enabled = False
        database = desk.bot.database
        bench = Bench(desk, wall=not database.is_sqlite, only=only)
        for engine in {
            id(one): one.sync_engine for one in (database._writer, database._reader, database._patient)
        }.values():
            event.listen(engine, "before_cursor_execute", bench.heard)
        for part in (people, jobs) if only else (people, jobs, beside):
            await part(bench)
    return bench.took


def table(name: str, found: dict[int, dict[str, tuple[float, int]]]) -> None:
    sizes = list(found)
    print(f"\n{name:36}" + "".join(f"{size:>18,}" for size in sizes) + f"{'ratio':>8}")
    for what in found[sizes[-1]]:
        cells = "".join(f"{found[size][what][0]:11.1f} ({found[size][what][1]:4d})" for size in sizes)
        ratio = found[sizes[-1]][what][0] / found[sizes[0]][what][0]
        print(f"{what:36}{cells}{ratio:8.1f}{' grows' if ratio > GROWS else ''}", flush=True)


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("sizes", nargs="*", type=int, default=SIZES)
    told.add_argument("--on", choices=("sqlite", "postgresql"))
    told.add_argument("--only", default="")
    asked = told.parse_args()
    logging.disable(logging.ERROR)  # the sandbox has no room for messages to people who are rows alone
    if asked.on != "postgresql":
        found = {}
        for size in asked.sizes:
            with tempfile.TemporaryDirectory() as folder:
                found[size] = asyncio.run(measured(fresh_sqlite(Path(folder)), size, asked.only))
        table("SQLite, processor ms (statements)", found)
    if asked.on != "sqlite":
        with private_server() as server:
            databases = Postgres(server)
            found = {size: asyncio.run(measured(databases.fresh(), size, asked.only)) for size in asked.sizes}
        table("PostgreSQL, wall ms (statements)", found)


if __name__ == "__main__":
    main()
