"""What people and jobs do costs on a desk of a thousand incidents and on a large one, on both databases.

    PYTHONPATH=tests python tests/bench/bench_growth.py [--on sqlite|postgresql] [--only WORD] [--keep FOLDER]
        [--dearest N] [SIZE …]

Sizes are closed incidents (1,000 and 100,000 unless told), each desk with 2,000 open ones beside (`seeding.py`). On
SQLite processor milliseconds, on PostgreSQL wall milliseconds, the sandbox in the same process; the median of several,
and behind it how many statements. The last column is the ratio of the last size to the first: what is above 1.5 grows.

`--dearest`: behind each operation, the statements that cost most more on the last size than on the first, in ms a time.

`--keep`: desks are seeded once and copied from there afterwards; on PostgreSQL they stay on the server that
DESKBELL_TEST_POSTGRES_URL names, as templates.
"""

import argparse
import asyncio
import logging
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import psycopg
from cast import open_desk
from databases import SERVER_VARIABLE, Postgres, fresh_sqlite, private_server
from sqlalchemy import event, make_url
from support import seeding
from support.desk_operations import Bench, homes, incidents, jobs, others, runs

from storage.db import schema

SIZES = (1_000, 100_000)
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


async def measured(url: str, size: int, only: str) -> Bench:
    async with open_desk(url) as desk:
        desk.slack.limits.enabled, desk.slack.ack_seconds = False, PATIENCE  # how long it took is what is printed
        database = desk.bot.database
        bench = Bench(desk, size, wall=not database.is_sqlite, only=only)
        for engine in {
            id(one): one.sync_engine for one in (database._writer, database._reader, database._patient)
        }.values():
            event.listen(engine, "before_cursor_execute", bench.heard)
            event.listen(engine, "after_cursor_execute", bench.answered)
        parts = (incidents, homes, others, jobs)
        for part in (beside,) if only == "beside" else parts if only else (*parts, beside):
            await part(bench)
    return bench.took


@contextmanager
def on_sqlite(size: int, keep: Path | None) -> Iterator[str]:
    """A seeded desk in a file of its own."""
    with tempfile.TemporaryDirectory(dir=keep) as folder:
        url = fresh_sqlite(Path(folder))
        if keep is None:
            asyncio.run(seeding.seed(url, size))
        else:
            kept = keep / f"lite-{size}.db"
            if not kept.exists():
                asyncio.run(seeding.seed(url, size))
                with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copy(url.removeprefix("sqlite:///"), kept)
            shutil.copy(kept, url.removeprefix("sqlite:///"))
            schema.migrate(url)
        yield url


@contextmanager
def on_postgres(size: int, server: Postgres, *, keep: bool) -> Iterator[str]:
    if not keep:
        url = server.fresh()
        asyncio.run(seeding.seed(url, size))
        yield url
        return
    name = f"deskbell_growth_{size}"
    template = make_url(server.server).set(database=name).render_as_string(hide_password=False)
    try:
        psycopg.connect(template).close()
    except psycopg.OperationalError:
        server._run(f'CREATE DATABASE "{name}"')
        schema.migrate(template)
        asyncio.run(seeding.seed(template, size))
    url = server.empty(name)
    schema.migrate(url)
    yield url
    server.drop(url)


def table(name: str, benches: dict[int, Bench], dearest: int) -> None:
    found, sizes = {size: bench.took for size, bench in benches.items()}, list(benches)
    print(f"\n{name:36}" + "".join(f"{size:>18,}" for size in sizes) + f"{'ratio':>8}")
    for what in (one for one in found[sizes[-1]] if all(one in found[size] for size in sizes)):
        cells = "".join(f"{found[size][what][0]:11.1f} ({found[size][what][1]:4d})" for size in sizes)
        ratio = found[sizes[-1]][what][0] / found[sizes[0]][what][0]
        print(f"{what:36}{cells}{ratio:8.1f}{' grows' if ratio > GROWS else ''}", flush=True)
        first, last = (benches[size].spent[what] for size in (sizes[0], sizes[-1]))
        grown = Counter({one: ms - first[one] for one, ms in last.items()})
        for one, more in grown.most_common(dearest):
            print(f"    {first[one]:.1f} and {more:.1f} more: {' '.join(one.split())}")


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("sizes", nargs="*", type=int, default=SIZES)
    told.add_argument("--on", choices=("sqlite", "postgresql"))
    told.add_argument("--only", default="")
    told.add_argument("--keep", type=Path)
    told.add_argument("--dearest", type=int, default=0)
    asked = told.parse_args()
    logging.disable(logging.ERROR)  # the sandbox has no room for messages to people who are rows alone
    if asked.on != "postgresql":
        found = {}
        for size in asked.sizes:
            with on_sqlite(size, asked.keep) as url:
                found[size] = asyncio.run(measured(url, size, asked.only))
        table("SQLite, processor ms (statements)", found, asked.dearest)
    if asked.on != "sqlite":
        given = os.environ.get(SERVER_VARIABLE)
        with private_server() if given is None else nullcontext(given) as server:
            databases, found = Postgres(server), {}
            for size in asked.sizes:
                with on_postgres(size, databases, keep=given is not None and asked.keep is not None) as url:
                    found[size] = asyncio.run(measured(url, size, asked.only))
        table("PostgreSQL, wall ms (statements)", found, asked.dearest)


if __name__ == "__main__":
    main()
