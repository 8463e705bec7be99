"""How long the REST API takes to read one record, beside a bare FastAPI route that reads the same row.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_api.py)

Both are served by the same server in the same process, in turns, to one caller over a connection that stays open.
Figures are milliseconds at the caller, and their ratio: 2 is the most.
"""

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from api_steps import PLENTY, token_of
from cast import open_desk
from databases import fresh_sqlite
from fastapi import FastAPI
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.web import server
from bot.web.api.app import mounted
from storage.db.database import Database
from storage.tables import Incident

TIMES, ROUNDS = 25, 40


def bare(database: Database) -> FastAPI:
    app = FastAPI()

    @app.get("/incidents/{number}")
    async def read(number: int) -> Any:
        async with database.read() as tx:
            return (await tx.exec(select(Incident).where(Incident.number == number))).one()

    return app


async def measured(folder: Path) -> None:
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(fresh_sqlite(folder), "socket"))
        await desk.reports()
        token = await token_of(desk, desk.agent.id)
        api = mounted(desk.bot.database, desk.clock.now, PLENTY)
        house = Starlette(routes=[api, Mount("/bare", bare(desk.bot.database))])
        url = await stack.enter_async_context(server.serving(house, "127.0.0.1", 0))
        http = await stack.enter_async_context(aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}))
        found: dict[str, list[float]] = {"/bare/incidents/1": [], "/api/v1/incidents/INC-1": []}
        for _ in range(ROUNDS):
            for path, times in found.items():
                for _ in range(TIMES):
                    began = time.perf_counter()
                    async with http.get(f"{url}{path}") as answer:
                        assert answer.status == 200, await answer.text()
                        await answer.read()
                    times.append(time.perf_counter() - began)
        plain, ours = (1000 * statistics.median(times) for times in found.values())
        print(f"one record: bare {plain:.2f} ms, API {ours:.2f} ms, ratio {ours / plain:.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(Path(folder)))
