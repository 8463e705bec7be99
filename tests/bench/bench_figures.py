"""What figures cost: all of a week, a month and a quarter beside those of the time before, and a row of an export.

make bench    (or: PYTHONPATH=tests:tests/bench python tests/bench/bench_figures.py [incidents …])
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from databases import fresh_sqlite
from support.played import PLAYED
from support.seeding import seed

from bot.rules.report.export import Format, What
from bot.rules.report.periods import Every, before, last_whole
from bot.usecases.report import exports, figures, sampling
from storage.db.database import Database
from storage.report import export

SIZES = (1_000, 100_000)
UTC = ZoneInfo("UTC")
NOW = PLAYED - timedelta(days=1)


async def timed(what: Callable[[], Awaitable[object]]) -> tuple[float, object]:
    began = time.process_time()
    found = await what()
    return time.process_time() - began, found


async def report(database: Database, every: Every) -> int:
    """As `/report` does it: two periods, each with all figures. Returns the incidents of the later one."""
    period = last_whole(every, NOW, UTC)
    async with database.read(long=True) as tx:
        for one in (before(every, period, UTC), period):
            found = await figures.from_tables(tx, one)
            figures.every(found, one, NOW)
    return len(found.incidents)


async def sampled(database: Database) -> None:
    """Samples of all days, as the job makes them."""
    async with database.read() as tx:
        windows, fact = await sampling.plan(tx, PLAYED)
    for window in windows:
        async with database.read(long=True) as tx:
            days = await sampling.made_of(tx, window)
        async with database.begin() as tx:
            await sampling.keep(tx, days, reached=fact if window is windows[-1] else None, now=PLAYED)


async def by_samples(database: Database, every: Every) -> int:
    """The same figures of the same two periods."""
    period = last_whole(every, NOW, UTC)
    async with database.read(long=True) as tx:
        found = await sampling.every(tx, (period, before(every, period, UTC)), None, lambda _: True, NOW)
    return found[0]["incidents-opened"].n if found else 0


async def exported(database: Database) -> int:
    async with database.read(long=True) as tx:
        wanted = await export.bounded(tx, exports.of_all(What.INCIDENTS, None, private=True))
        return await exports.write(tx, wanted, Format.CSV, io.BytesIO())


async def measured(url: str, size: int) -> None:
    database = Database(url)
    try:
        for every in Every:
            spent, incidents = await timed(lambda every=every: report(database, every))
            print(
                f"{size:>9,} incidents: a {every:8} {spent:6.2f} s of processor, {incidents} incidents in it",
                flush=True,
            )
        spent, _ = await timed(lambda: sampled(database))
        print(f"{size:>9,} incidents: samples    {spent:6.2f} s of processor to make all of them", flush=True)
        for every in Every:
            began = time.perf_counter()
            spent, incidents = await timed(lambda every=every: by_samples(database, every))
            took = time.perf_counter() - began
            told = f"{spent:6.2f} s of processor, {took:.2f} s in all, {incidents} incidents opened in it"
            print(f"{size:>9,} incidents: by samples a {every:8} {told}", flush=True)
        spent, rows = await timed(lambda: exported(database))
        each = spent / max(int(str(rows)), 1) * 1e6
        print(f"{size:>9,} incidents: a CSV      {spent:6.2f} s of processor, {each:.0f} µs a row", flush=True)
    finally:
        await database.close()


async def main(sizes: list[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            url = fresh_sqlite(Path(folder))
            await seed(url, size)
            await measured(url, size)


if __name__ == "__main__":
    asyncio.run(main([int(one) for one in sys.argv[1:]] or list(SIZES)))
