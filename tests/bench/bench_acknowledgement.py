"""How long `/incident` takes to be acknowledged with its form open, beside listeners that do less, in one run.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_acknowledgement.py)

Everybody has as many listeners as Deskbell and is served in the same way, over HTTP by the same sandbox in the same
process: a no-op listener on an AsyncApp as it comes, one that answers from within the request, and one that opens a
fixed modal and nothing else. Figures are milliseconds at the caller and ratios to the first.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import uvicorn
from cast import open_desk
from databases import fresh_sqlite
from slack_bolt.async_app import AsyncApp

import handlers
from bot import web
from bot.app import serving
from bot.rules.policy import parse
from bot.sandbox import Server, Workspace
from bot.sandbox.people import Person
from handlers import client, home
from handlers.views.incident_report import Draft, report_form

CALLERS = {1: 200, 10: 40, 100: 8}
"""People at the same instant, and how many times each asks."""

LISTENERS = len(home.TABLES) + len(handlers.ACTIONS) + len(handlers.SUBMISSIONS) + len(handlers.EVENTS)


def padded(app: AsyncApp) -> AsyncApp:
    """With as many listeners before /incident's as Deskbell has at the most."""

    async def never() -> None:
        raise AssertionError("not asked for")

    for number in range(LISTENERS - 1):
        app.action(f"never_{number}")(never)
    return app


def no_op(slack: Workspace, server: Server, *, within_request: bool) -> AsyncApp:
    app = padded(_app(slack, server, within_request))

    @app.command("/incident")
    async def nothing(ack: Any) -> None:
        await ack()

    return app


def bare_modal(slack: Workspace, server: Server, session: Any) -> AsyncApp:
    posts = client.for_posts(slack.bot_token, server.api_url, session)
    app = padded(AsyncApp(client=posts, signing_secret=slack.signing_secret, process_before_response=True))
    view = report_form(parse(""), Draft(summary="VPN is down"))

    @app.command("/incident")
    async def opens(ack: Any, command: dict[str, Any]) -> None:
        await posts.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()

    return app


def _app(slack: Workspace, server: Server, within_request: bool) -> AsyncApp:
    posts = client.for_posts(slack.bot_token, server.api_url, None)
    return AsyncApp(client=posts, signing_secret=slack.signing_secret, process_before_response=within_request)


@asynccontextmanager
async def served(app: AsyncApp) -> AsyncIterator[str]:
    async def ready() -> list[str]:
        return []

    server = uvicorn.Server(uvicorn.Config(web.application(app, ready), port=0, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait({task}, timeout=0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def asked(person: Person, times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await person.runs("/incident VPN is down")
        took.append((time.perf_counter() - began) * 1e3)
        assert answer.ok, answer.failure
    return took


async def measured(people: list[Person], server: Server, url: str) -> dict[int, tuple[float, float]]:
    """p50 and p99 by number of callers."""
    server.deliver_to(f"{url}/slack/events")
    await asked(people[0], 20)
    found = {}
    for callers, times in CALLERS.items():
        gc.collect()
        took = sorted(chain(*await asyncio.gather(*(asked(one, times) for one in people[:callers]))))
        found[callers] = (statistics.median(took), took[int(len(took) * 0.99)])
    return found


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(fresh_sqlite(Path(folder))) as desk, client.session() as session:
            slack, server = desk.slack, desk.server
            slack.limits.enabled, slack.ack_seconds = False, 30.0
            people = [slack.add_person(f"caller-{number}") for number in range(max(CALLERS))]
            await desk.slack.quiet()
            rows: dict[str, Callable[[], Any]] = {
                "no-op, AsyncApp as it comes": lambda: served(no_op(slack, server, within_request=False)),
                "no-op, answered within the request": lambda: served(no_op(slack, server, within_request=True)),
                "bare modal": lambda: served(bare_modal(slack, server, session)),
                "Deskbell": lambda: serving(desk.bot),
            }
            print(f"/incident over HTTP, {LISTENERS} listeners, SQLite; p50 / p99 in ms (p50 to the first row's)")
            print(f"{'callers':36}" + "".join(f"{callers:>26}" for callers in CALLERS))
            first: dict[int, tuple[float, float]] = {}
            for name, opened in rows.items():
                async with opened() as url:
                    found = await measured(people, server, url)
                first = first or found
                cells = (f"{p50:8.1f} / {p99:6.1f} ({p50 / first[n][0]:4.2f}×)" for n, (p50, p99) in found.items())
                print(f"{name:36}" + "".join(f"{cell:>26}" for cell in cells))


if __name__ == "__main__":
    asyncio.run(main())
