"""How many alerts a second are accepted, beside a bare Starlette endpoint that writes one row to the same database;
and how long a storm takes to be worked off.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_alerts.py)

Both are served by the same server in the same process, in turns, over connections that stay open. Figures are
deliveries a second at the caller, each with one alert of Alertmanager's, and their ratio: 2 is the most. The storm is
10,000 deliveries with a new group each, kept within a minute; it becomes one incident.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from alert_steps import adopts, alert, delivery
from cast import Desk, open_desk
from databases import fresh_sqlite
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web import alerts as doors
from bot.web import server

CALLERS, EACH, ROUNDS = 10, 60, 5
STORM = int(os.environ.get("DESKBELL_STORM", "10000"))
BARE = (
    "INSERT INTO alert_delivery (source, received_at, made, content, outcome, handled_at) VALUES (:s, 0, '', :c, '', 0)"
)


def bare(desk: Desk) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        async with desk.bot.database.begin() as tx:
            await tx.exec(text(BARE), params={"s": "bare", "c": body})  # type: ignore[call-overload]
        return JSONResponse({"status": "accepted"}, 202)

    return Route("/bare", endpoint, methods=["POST"])


async def rate(http: aiohttp.ClientSession, url: str, desk: Desk, callers: int) -> float:
    """Deliveries a second."""
    bodies = [delivery(alert(f"k{number}", "firing", desk.clock.now()), group=f"g{number}") for number in range(EACH)]

    async def caller() -> None:
        for body in bodies:
            async with http.post(url, data=body) as answer:
                assert answer.status == 202, await answer.text()

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return callers * EACH / (time.perf_counter() - began)


class Nobody:
    async def certificate(self, _url: str) -> bytes:
        raise AssertionError("not asked for")

    async def confirm(self, _url: str) -> None:
        raise AssertionError("not asked for")


async def measured(folder: Path) -> None:
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(fresh_sqlite(folder), "socket"))
        await adopts(desk)
        routes: list[Any] = [*doors.routes(desk.bot.database, desk.clock.now, lambda _: "k", Nobody()), bare(desk)]
        url = await stack.enter_async_context(server.serving(Starlette(routes=routes), "127.0.0.1", 0))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        for callers in (1, CALLERS):
            found: dict[str, list[float]] = {"/bare": [], "/alerts/prom/k": []}
            for _ in range(ROUNDS):
                for path, rates in found.items():
                    rates.append(await rate(http, f"{url}{path}", desk, callers))
            plain, ours = (statistics.median(rates) for rates in found.values())
            print(f"{callers:3} callers: bare {plain:6.0f}/s, alerts {ours:6.0f}/s, ratio {plain / ours:.2f}")
        await desk.bot.jobs.alerts()
        await storm(desk, http, f"{url}/alerts/prom/k")


async def storm(desk: Desk, http: aiohttp.ClientSession, url: str) -> None:
    bodies = iter([delivery(alert(f"s{n}", "firing", desk.clock.now()), group=f"storm{n}") for n in range(STORM)])

    async def caller() -> None:
        for body in bodies:
            async with http.post(url, data=body) as answer:
                assert answer.status == 202

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    kept = time.perf_counter() - began
    began = time.perf_counter()
    await desk.bot.jobs.alerts()
    worked = time.perf_counter() - began
    async with desk.bot.database.read() as tx:
        counts = [
            (await tx.exec(text(query))).scalar_one()  # type: ignore[call-overload]
            for query in (
                "SELECT count(*) FROM alert WHERE key LIKE 's%'",
                "SELECT count(DISTINCT incident) FROM alert_group WHERE storm AND group_key LIKE 'storm%'",
            )
        ]
    print(f"a storm of {STORM}: kept in {kept:.1f} s, worked off in {worked:.1f} s")
    print(f"  {counts[0]} alerts, {counts[1]} incident")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(Path(folder)))
