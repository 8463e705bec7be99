"""What people and jobs do costs on a desk of a thousand incidents and on a large one, on both databases.

    PYTHONPATH=tests python tests/bench/bench_growth.py [--on sqlite|postgresql] [--only WORD] [--keep FOLDER]
        [--dearest N] [--times N] [--private N] [SIZE …]

Sizes are closed incidents (1,000 and 100,000 unless told; where desks are kept a million too, `support/seeded.py`),
each desk with 2,000 open ones beside (`seeding.py`).
Processor milliseconds, the sandbox in the same process; the median of several, and behind it how many statements. On
PostgreSQL, which works in processes of its own, how many pages of 8 KB it looked at too: that tells of the same growth,
and of no other work of the machine. The last column is the ratio of the last size to the first: above 1.5 it grows.

`--only`: operations with a word in their names, or one of several with | between them.

`--dearest`: behind each operation, the statements that cost most more on the last size than on the first, in ms a time.

`--times`: how often each is done, five times unless told. Pages and statements are the same each time.

`--private`: so many incidents are private, spread over all, as of a desk that has security's among its own.

`--keep`: desks are seeded once and copied from there afterwards; on PostgreSQL they stay on the server that
DESKBELL_TEST_POSTGRES_URL names, as templates.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import psycopg
from cast import open_desk
from sqlalchemy import create_engine, event, make_url, text
from support.desk_operations import TIMES, Bench, homes, incidents, jobs, nothing, others, runs
from support.seeded import ask, desks, sizes

from storage.db.urls import async_url

GROWS = 1.5
PATIENCE = 60.0
SLOW = "WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 1500000) SELECT count(*) FROM s"


ELSEWHERE = f"import sqlite3; sqlite3.connect(':memory:').execute({SLOW!r}).fetchall()"


async def beside(bench: Bench) -> None:
    """What a read that takes long adds to another's form: by the wall, and by the processor of the loop's own thread.

    The same read by another process is the measure: what the form takes longer beside that is the machine's doing.
    """
    desk = bench.desk

    async def reads() -> None:
        async with desk.bot.database.read(long=True) as tx:
            await (await tx.connection()).exec_driver_sql(SLOW)

    async def elsewhere() -> None:
        await (await asyncio.create_subprocess_exec(sys.executable, "-c", ELSEWHERE)).wait()

    async def form() -> tuple[float, float]:
        wall, loop = time.perf_counter(), time.thread_time()
        await runs(desk.requester, "/incident Everything is slow since noon")()
        took = (time.perf_counter() - wall) * 1e3, (time.thread_time() - loop) * 1e3
        await desk.requester.closes()
        return took

    async def among(work: Callable[[], Awaitable[None]]) -> list[tuple[float, float]]:
        found, slow = [], asyncio.create_task(work())
        while not slow.done():
            found.append(await form())
        return found

    took = {"alone": [await form() for _ in range(40)]}
    for name, work in (("beside a long read", reads), ("beside that of another process", elsewhere)):
        took[name] = [one for _ in range(3) for one in await among(work)]
    for name, each in took.items():
        wall, loop = (statistics.median(one) for one in zip(*each, strict=True))
        print(f"a form {name}: {wall:.1f} ms by the wall, {loop:.1f} ms of its thread ({len(each)} forms)", flush=True)


def made_private(url: str, each: int) -> None:
    address = async_url(url)
    driver = "sqlite" if address.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(address.set(drivername=driver))
    with engine.begin() as connection:
        connection.execute(text("UPDATE incident SET private = true WHERE number % :each = 0"), {"each": max(each, 1)})
    engine.dispose()


async def measured(url: str, size: int, asked: argparse.Namespace, pages: Callable[[], int] = nothing) -> Bench:
    if asked.private:
        made_private(url, size // asked.private)
    async with open_desk(url) as desk:
        desk.slack.limits.enabled, desk.slack.ack_seconds = False, PATIENCE  # how long it took is what is printed
        database = desk.bot.database
        bench, only = Bench(desk, size, asked.only, pages, most=asked.times), asked.only
        for engine in {
            id(one): one.sync_engine for one in (database._writer, database._reader, database._patient)
        }.values():
            event.listen(engine, "before_cursor_execute", bench.heard)
            event.listen(engine, "after_cursor_execute", bench.answered)
        parts = (incidents, homes, others, jobs)
        for part in (beside,) if only == "beside" else parts if only else (*parts, beside):
            await part(bench)
    return bench


@contextmanager
def looked_at(url: str) -> Iterator[Callable[[], int]]:
    """Tells how many pages were looked at in a database so far."""
    query = (
        "SELECT coalesce(sum(shared_blks_hit + shared_blks_read + local_blks_hit), 0) FROM pg_stat_statements "
        "JOIN pg_database ON oid = dbid WHERE datname = %s"
    )
    server = make_url(url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

        def pages() -> int:
            return int(connection.execute(query, [make_url(url).database]).fetchone()[0])  # type: ignore[index]

        yield pages


def table(name: str, benches: dict[int, Bench], dearest: int) -> None:
    found, sizes = {size: bench.took for size, bench in benches.items()}, list(benches)
    print(f"\n{name:36}" + "".join(f"{size:>26,}" for size in sizes) + f"{'ratio':>8}")
    for what in (one for one in found[sizes[-1]] if all(one in found[size] for size in sizes)):
        costs = [found[size][what] for size in sizes]
        pages = [f"{one.pages:7,}" if any(each.pages for each in costs) else "" for one in costs]
        cells = "".join(
            f"{one.ms:11.1f} ({one.statements:4d}){page:>8}" for one, page in zip(costs, pages, strict=True)
        )
        ratios = [costs[-1].ms / costs[0].ms, *([costs[-1].pages / costs[0].pages] if costs[0].pages else [])]
        grows = " grows" if max(ratios) > GROWS else ""
        print(f"{what:36}{cells}{' '.join(f'{one:7.1f}' for one in ratios)}{grows}", flush=True)
        last = benches[sizes[-1]].spent[what]
        first = benches[sizes[0]].spent[what] if len(sizes) > 1 else Counter[str]()
        grown = Counter({one: ms - first[one] for one, ms in last.items()})
        for one, more in grown.most_common(dearest):
            print(f"    {first[one]:.1f} and {more:.1f} more: {' '.join(one.split())}")


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("--only", default="")
    told.add_argument("--dearest", type=int, default=0)
    told.add_argument("--times", type=int, default=TIMES)
    told.add_argument("--private", type=int, default=0)
    asked = ask(told)
    logging.disable(logging.ERROR)  # the sandbox has no room for messages to people who are rows alone
    if asked.on != "postgresql":
        found = {}
        with desks("sqlite", asked.keep) as desk:
            for size in sizes("sqlite", asked):
                with desk(size) as url:
                    found[size] = asyncio.run(measured(url, size, asked))
        table("SQLite, processor ms (statements)", found, asked.dearest)
    if asked.on != "sqlite":
        found = {}
        with desks("postgresql", asked.keep) as desk:
            for size in sizes("postgresql", asked):
                with desk(size) as url, looked_at(url) as pages:
                    found[size] = asyncio.run(measured(url, size, asked, pages))
        table("PostgreSQL, processor ms (statements), pages", found, asked.dearest)


if __name__ == "__main__":
    main()
