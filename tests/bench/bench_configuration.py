"""What 100,000 items with 300,000 relations cost: import, look-up, type-ahead and impact, beside 1,000 items.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_configuration.py [items])

Look-up, type-ahead and impact are said as ratios to the same with 1,000 items; each item stands on three near it. The
memory is that of a process of its own: to plan and apply so many rows, and to plan them again, as each night.
"""

import asyncio
import gc
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from databases import fresh_sqlite

from bot.rules.policy.policy import parse
from bot.rules.record.facts import OPERATOR
from bot.usecases import policy as desk_policy
from bot.usecases.configuration_item import impacts, imports
from bot.usecases.configuration_item.imports import Kept, Read
from storage.configuration_item import search
from storage.configuration_item.visibility import ALL_SEEING
from storage.db.database import Database

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TURNS = 60
MEMORY = "--memory"
"""Of the process that is measured."""
POLICY = """
[ci_types.server]
title = "Server"
key = ["serial"]
attributes = { serial = "text", inventory = "text" }
[ci_sources.cmdb]
type = "server"
columns = { name = "Name", serial = "Serial", inventory = "Inventory no." }
relations = { runs_on = "Runs on" }
needs = { runs_on = "Needs" }
"""


def file(number: int) -> bytes:
    """In layers of twelve, so that what stands on one item is as much however many there are."""
    lines = ["Name,Serial,Inventory no.,Runs on,Needs"]
    for one in range(number):
        layer = one % 12
        on = [f"S{one - back}" for back in (1, 2, 3) if layer - back >= 0]
        lines.append(
            f"host-{one},S{one},{one % 977},{';'.join(on)},{'1 of 3' if one % 5 == 0 and len(on) == 3 else ''}"
        )
    return "\n".join(lines).encode()


async def imported(database: Database, number: int) -> tuple[float, float]:
    """Seconds to plan and to apply."""
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(POLICY), by=OPERATOR, now=NOW)
    began = time.perf_counter()
    kept = await planned(database, number)
    then = time.perf_counter()
    async with database.begin() as tx:
        await imports.apply(tx, kept.id, by=OPERATOR, now=NOW)
    return then - began, time.perf_counter() - then


async def planned(database: Database, number: int) -> Kept:
    read = Read(file(number), "items.csv", "cmdb")
    async with database.begin() as tx:
        prepared = await imports.prepare(tx, "cmdb", NOW)
    plan = imports.judge(read, prepared)
    async with database.begin() as tx:
        return await imports.keep(tx, read, plan, prepared, by=OPERATOR, now=NOW)


async def asked(database: Database) -> dict[str, float]:
    """Median milliseconds."""
    policy, times = parse(POLICY), {"look-up": [], "type-ahead": [], "impact": []}
    for turn in range(TURNS):
        place = 12 * (turn % 80)
        async with database.read() as tx:
            began = time.perf_counter()
            item = await impacts.meant(tx, f"S{place}", ALL_SEEING)
            times["look-up"].append(time.perf_counter() - began)
            began = time.perf_counter()
            await search.beginning(tx, f"host-{place}", 10, ALL_SEEING)  # as many as there are among 1,000 too
            times["type-ahead"].append(time.perf_counter() - began)
            began = time.perf_counter()
            await impacts.of_items(tx, [item.number], policy, ALL_SEEING)
            times["impact"].append(time.perf_counter() - began)
    return {name: median(took) * 1000 for name, took in times.items()}


async def measured(number: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fresh_sqlite(Path(folder)))
        planning, applying = await imported(database, number)
        gc.collect()  # what the import left is no business of who asks afterwards
        found = await asked(database)
        await database.close()
    print(f"{number:>7,} items: planned in {planning:.1f} s, applied in {applying:.1f} s")
    return found


async def needed(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fresh_sqlite(Path(folder)))
        await imported(database, number)
        once = _most()
        assert (await planned(database, number)).plan.is_nothing
        await database.close()
    print(once, _most())


def _most() -> int:
    """MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def memory(number: int) -> None:
    """Of a tenth of the rows, and of all."""
    found = {}
    for rows in (number // 10, number):
        said = subprocess.run([sys.executable, __file__, str(rows), MEMORY], stdout=subprocess.PIPE, check=True)
        found[rows] = [int(one) for one in said.stdout.split()]
        print(f"{rows:>7,} items: at most {found[rows][0]} MB for the first import, {found[rows][1]} MB with the next")
    few, many = found.values()
    print(f"{'memory':>12}: {many[0] / few[0]:.2f} and {many[1] / few[1]:.2f} times of what a tenth of the rows needs")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if MEMORY in sys.argv:
        asyncio.run(needed(number))
        return
    few, many = asyncio.run(measured(1000)), asyncio.run(measured(number))
    for name, took in many.items():
        print(f"{name:>12}: {took:.2f} ms, {took / few[name]:.2f} times of what it is with 1,000")
    memory(number)


if __name__ == "__main__":
    main()
