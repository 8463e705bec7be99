"""What figures cost on desks that were seeded (`bench_figures.py`)."""

import argparse
import asyncio
import io
import logging
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cast import open_desk

from bot.rules.report.export import Format, What
from bot.rules.report.periods import Every, before, last_whole
from bot.usecases.report import exports, figures, sampling
from storage.db.database import Database
from storage.report import export
from support import seeded
from support.played import PLAYED
from support.processes import processor_of_family

LARGE = 200_000
"""Of more, what is read and nobody waits for is left out: figures from the records, and samples older than are used."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
PATIENCE = 600.0
ZONE = ZoneInfo("UTC")
NOW = PLAYED - timedelta(days=1)


class Took(NamedTuple):
    processor: float
    wall: float
    found: object

    def __str__(self) -> str:
        return f"{self.processor:6.2f} s of processor, {self.wall:6.2f} s by the wall"


async def timed(what: Callable[[], Awaitable[object]]) -> Took:
    spent, began = processor_of_family(os.getpid()), time.perf_counter()
    found = await what()
    return Took(processor_of_family(os.getpid()) - spent, time.perf_counter() - began, found)


async def report(database: Database, every: Every) -> int:
    """As `/report` does it: two periods, each with all figures. Returns the incidents of the later one."""
    period = last_whole(every, NOW, ZONE)
    async with database.read(long=True) as tx:
        for one in (before(every, period, ZONE), period):
            found = await figures.from_tables(tx, one)
            figures.every(found, one, NOW)
    return len(found.incidents)


async def sampled(database: Database, since: datetime) -> None:
    """Samples of all days since then, as the job makes them of all."""
    async with database.read() as tx:
        windows, fact = await sampling.plan(tx, PLAYED)
    windows = [one for one in windows if one.end > since]
    for window in windows:
        async with database.read(long=True) as tx:
            days = await sampling.made_of(tx, window)
        async with database.begin() as tx:
            await sampling.keep(tx, days, reached=fact if window is windows[-1] else None, now=PLAYED)


async def by_samples(database: Database, every: Every) -> int:
    """The same figures of the same two periods."""
    period = last_whole(every, NOW, ZONE)
    async with database.read(long=True) as tx:
        found = await sampling.every(tx, (period, before(every, period, ZONE)), None, lambda _: True, NOW)
    return found[0]["incidents-opened"].n if found else 0


async def exported(database: Database) -> int:
    async with database.read(long=True) as tx:
        wanted = await export.bounded(tx, exports.of_all(What.INCIDENTS, None, private=True))
        return await exports.write(tx, wanted, Format.CSV, io.BytesIO())


async def asked(url: str) -> dict[Every, Took]:
    """`/report` by a manager of the desk, until its figures stand there."""
    async with open_desk(url) as desk:
        desk.slack.limits.enabled, desk.slack.ack_seconds = False, PATIENCE
        desk.bot.bolt.soon = PATIENCE

        async def reads(every: Every) -> None:
            answer = await desk.manager.runs(f"/report {every}")
            await desk.bot.bolt.rest(PATIENCE)
            await desk.slack.quiet()
            assert "Incidents opened" in answer.text, answer

        return {every: await timed(lambda every=every: reads(every)) for every in Every}  # type: ignore[misc]


async def measured(url: str, size: int) -> None:
    small = size <= LARGE

    def tell(what: str, took: Took, more: str = "") -> None:
        print(f"{size:>9,} incidents: {what:32} {took}{more}", flush=True)

    database = Database(url)
    try:
        for every in Every if small else ():
            took = await timed(lambda every=every: report(database, every))  # type: ignore[misc]
            tell(f"a {every} from the records", took, f", {took.found} incidents in it")
        since = EVER if small else NOW - sampling.LONG - timedelta(days=92)
        told = "all samples made" if small else "samples of nine months made"
        tell(told, await timed(lambda: sampled(database, since)))
        for every in Every:
            took = await timed(lambda every=every: by_samples(database, every))  # type: ignore[misc]
            tell(f"a {every} by samples", took, f", {took.found} incidents opened in it")
        took = await timed(lambda: exported(database))
        tell("a CSV of all incidents", took, f", {took.processor / int(str(took.found)) * 1e6:.0f} µs a row")
    finally:
        await database.close()
    for every, took in (await asked(url)).items():
        tell(f"/report {every}, as a person asks", took)


def main() -> None:
    asked_for = seeded.ask(argparse.ArgumentParser())
    logging.disable(logging.ERROR)  # the sandbox has no room for messages to people who are rows alone
    for on in [asked_for.on] if asked_for.on else seeded.ON:
        print(f"on {on}", flush=True)
        with seeded.desks(on, asked_for.keep) as desk:
            for size in seeded.sizes(on, asked_for):
                with desk(size) as url:
                    asyncio.run(measured(url, size))
