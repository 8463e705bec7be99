"""The real bot in a process of its own, as it is run, with points to die at and scaled time put around it.

Nothing here is in the product: constants are shortened, and functions are watched, from outside.
"""

import asyncio
import logging
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
from checks.process_log import Diary, Strings
from kill_points import Points
from mutants import MUTANTS
from sqlalchemy import text
from time_scale import Pace

from bot import app, delivery
from bot.delivery import results
from bot.delivery import settle as delivery_settle
from bot.delivery.deliveries import Delivery, Post, Redraw
from bot.delivery.results import Limited, Result
from bot.settings import Settings
from bot.usecases import timers
from handlers.workspace import client
from storage.db import clock, database
from storage.db.database import Database
from storage.delivery import lanes


@dataclass(frozen=True)
class Order:
    """What one process is to be."""

    name: str
    folder: str
    settings: dict[str, Any]
    pace: Pace = field(default_factory=Pace)
    mutants: tuple[str, ...] = ()
    point: str | None = None
    """What the points' names begin with at which it is struck by the signal, each `times`-th time that it comes by."""
    spared: tuple[str, ...] = ()
    """Points at which it is not."""
    times: int = 1
    signal: str = "SIGKILL"
    delivers: bool = True
    """Whether its relay works."""


def main(order: Order) -> None:
    folder = Path(order.folder)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    place = order.name.partition("-")[0]
    diary, strings = Diary(folder / f"{order.name}.diary"), Strings(folder / f"{place}.strings")
    shorten(order.pace)
    watch(diary)
    for name in order.mutants:
        MUTANTS[name]()
    bound(strings)
    Points(diary, order.point, order.times, order.signal, order.spared).install()
    asyncio.run(live(order, diary, strings))


async def live(order: Order, diary: Diary, strings: Strings) -> None:
    settings = Settings(_env_file=None, **order.settings)
    real_now = clock.utc_now

    def machine_clock() -> datetime:
        return real_now() + timedelta(seconds=strings.clock_off)

    clock.utc_now = machine_clock
    app.MachineClock = partial(clock.MachineClock, machine_clock)  # type: ignore[misc]
    if not order.delivers:
        delivery.OutboxRelay.run = _idle  # type: ignore[method-assign]

    class Told:
        """Says in the diary when the house is open."""

        def __init__(self) -> None:
            self.house = app.running(settings)

        async def __aenter__(self) -> None:
            await self.house.__aenter__()
            diary.write(ready=True)

        async def __aexit__(self, *how: Any) -> None:
            await self.house.__aexit__(*how)
            diary.write(closed=True)

    await app.until_signalled(Told())


async def _idle(_relay: delivery.OutboxRelay) -> None:
    """Stands for the relay's loop where only the doors are tried."""


def shorten(pace: Pace) -> None:
    """All that is counted in seconds of waiting for Slack."""
    scale = pace.scale
    client.TIMEOUT_SECONDS = pace.http  # type: ignore[assignment]
    # As aiohttp has it, in seconds: who was frozen wakes to connections that it no longer uses, and opens others.
    aiohttp.TCPConnector.__init__.__kwdefaults__["keepalive_timeout"] = 15 * scale
    delivery.MARGIN_SECONDS *= scale
    delivery.SETTLE_SECONDS *= scale
    delivery.PARKED_FOR *= scale
    delivery.OutboxRelay.__init__.__kwdefaults__.update(pace_seconds=scale, lease_seconds=pace.lease)
    timers.TRIED_AGAIN *= scale
    database.ABANDONED_SECONDS = pace.lease  # type: ignore[assignment]
    app.RETRY_SECONDS = max(1, int(app.RETRY_SECONDS * scale))
    back_off, retry_after = delivery_settle.backoff, results._retry_after
    delivery_settle.backoff = lambda attempt, mark: back_off(attempt, mark) * scale
    results._retry_after = lambda headers: retry_after(headers) * scale


def watch(diary: Diary) -> None:
    """What the judge must know of lanes: who took which row under which fence, and who settled it when."""
    take, settle = delivery.OutboxRelay._take, delivery.OutboxRelay._call_and_settle
    apply, lease, leased = delivery_settle.Settler.apply, lanes.lease, []

    async def leasing(*asked: Any) -> lanes.Lease | None:
        leased[:] = [await lease(*asked)]
        return leased[0]

    async def taking(this: delivery.OutboxRelay) -> tuple[bool, Delivery | None]:
        since = monotonic()
        taken, delivery = await take(this)
        if taken and leased[0] is not None:
            diary.write(leased=leased[0].lane, fence=leased[0].fence)
        if delivery is not None:
            diary.write(took=delivery.row.id, since=since, **_described(delivery))
        return taken, delivery

    async def settling_it(this: delivery.OutboxRelay, delivery: Delivery) -> None:
        await settle(this, delivery)
        diary.write(settled=delivery.row.id, **_described(delivery))

    async def applying(
        this: delivery_settle.Settler, tx: Any, delivery: Delivery, verdict: Result, *times: Any
    ) -> bool:
        since = monotonic()
        held = await apply(this, tx, delivery, verdict, *times)
        seconds = verdict.seconds if isinstance(verdict, Limited) else None
        diary.write(
            verdict=type(verdict).__name__, row=delivery.row.id, held=held, since=since, seconds=seconds,
            error=verdict.error, **_described(delivery),
        )  # fmt: skip
        return held

    lanes.lease = leasing
    delivery.OutboxRelay._take = taking  # type: ignore[method-assign]
    delivery.OutboxRelay._call_and_settle = settling_it  # type: ignore[method-assign]
    delivery_settle.Settler.apply = applying  # type: ignore[method-assign]


def _described(delivery: Delivery) -> dict[str, Any]:
    call = type(delivery).__name__
    place = [delivery.channel, delivery.ts] if isinstance(delivery, Redraw) else None
    mark = delivery.row.mark if isinstance(delivery, Post) else None
    return {"lane": delivery.lease.lane, "fence": delivery.lease.fence, "call": call, "mark": mark, "place": place}


def bound(strings: Strings) -> None:
    """Has the database be full when the harness says so. The bound is a connection's own, so it is set from within."""
    begin, last = Database.begin, [strings.most_pages]

    def bounded(this: Database) -> Any:
        if not this.is_sqlite or strings.most_pages == last[0]:
            return begin(this)
        return _bounding(begin, this, strings.most_pages, last)

    Database.begin = bounded  # type: ignore[method-assign]


def _bounding(begin: Any, database: Database, pages: int, last: list[int]) -> Any:
    @asynccontextmanager
    async def within() -> Any:
        async with begin(database) as tx:
            await tx.exec(text(f"PRAGMA max_page_count={pages}"))
            last[0] = pages
            yield tx

    return within()
