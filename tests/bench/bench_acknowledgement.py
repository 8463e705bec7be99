"""How long `/incident` takes to be acknowledged with its form open, and that form's submission with its record saved,
beside listeners that do less, in one run.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_acknowledgement.py)

Everybody has as many listeners as Deskbell and is served in the same way, over HTTP and over Socket Mode, by the same
sandbox in the same process: a no-op listener on an AsyncApp as it comes, one that answers from within the request, and
one that opens a fixed form and nothing else. Figures are milliseconds at the caller, and ratios to the first. There are
fifty services, so that few incidents are open on each: the form offers what reads alike among those.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any

import uvicorn
from bench_lateness import CHANNELS, rules
from cast import Desk, open_desk
from databases import fresh_sqlite
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

import handlers
from bot.app import connected, serving
from bot.rules.record.facts import SYSTEM
from bot.sandbox.person.people import Person
from bot.usecases import policy
from bot.web import server as web_server
from handlers import home
from handlers.ids import Form
from handlers.incident.views.report_form import Draft, report_form
from handlers.workspace import client

CALLERS = {1: 200, 10: 40, 100: 8}
"""People at the same instant, and how many times each asks."""

NUMBERS = count()
LISTENERS = len(home.TABLES) + len(handlers.ACTIONS) + len(handlers.SUBMISSIONS) + len(handlers.EVENTS)

Act = Callable[[Person], Awaitable[float]]
"""Seconds until somebody had their answer."""


async def asks(person: Person) -> float:
    began = time.perf_counter()
    answer = await person.runs(f"/incident Service {next(NUMBERS) % CHANNELS} is down")
    assert answer.ok, answer.failure
    return time.perf_counter() - began


async def submits(person: Person) -> float:
    """The form is filled in by what was typed behind the command."""
    await asks(person)
    began = time.perf_counter()
    faults = await person.submits()
    assert not faults, faults
    return time.perf_counter() - began


def app(desk: Desk, session: Any, *, within_request: bool, opens: bool) -> AsyncApp:
    """As many listeners as Deskbell has, of which the two that are asked do nothing, or open a fixed form."""
    posts = client.for_posts(desk.slack.bot_token, desk.server.api_url, session)
    made = AsyncApp(client=posts, signing_secret=desk.slack.signing_secret, process_before_response=within_request)
    form = report_form(rules(), Draft(summary="Service 1 is down", service="s1"))

    async def never() -> None:
        raise AssertionError("not asked for")

    for number in range(LISTENERS - 2):
        made.action(f"never_{number}")(never)

    @made.command("/incident")
    async def asked(ack: Any, command: dict[str, Any]) -> None:
        if opens:
            await posts.views_open(trigger_id=command["trigger_id"], view=form)
        await ack()

    @made.view(Form.INCIDENT_REPORT)
    async def submitted(ack: Any) -> None:
        await ack()

    return made


@asynccontextmanager
async def served(desk: Desk, made: AsyncApp, transport: str) -> AsyncIterator[None]:
    if transport == "Socket Mode":
        handler = AsyncSocketModeHandler(made, desk.slack.app_token)
        await handler.connect_async()
        desk.server.deliver_to(None)
        yield
        await handler.close_async()
        return

    async def ready() -> list[str]:
        return []

    async def scrape() -> bytes:
        return b""

    config = uvicorn.Config(web_server.application(made, ready, scrape, []), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait({task}, timeout=0.01)
    desk.server.deliver_to(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/slack/events")
    yield
    server.should_exit = True
    await task


@asynccontextmanager
async def deskbell(desk: Desk, transport: str) -> AsyncIterator[None]:
    if transport == "Socket Mode":
        async with connected(desk.bot, desk.slack.app_token):
            desk.server.deliver_to(None)
            yield
        return
    async with serving(desk.bot) as url:
        desk.server.deliver_to(f"{url}/slack/events")
        yield


async def measured(people: list[Person], act: Act) -> dict[int, tuple[float, float]]:
    """p50 and p99 in ms by number of callers."""

    async def again(person: Person, times: int) -> list[float]:
        return [await act(person) * 1e3 for _ in range(times)]

    await again(people[0], 20)
    found = {}
    for callers, times in CALLERS.items():
        gc.collect()
        took = sorted(chain(*await asyncio.gather(*(again(one, times) for one in people[:callers]))))
        found[callers] = (statistics.median(took), took[int(len(took) * 0.99)])
    return found


async def table(title: str, people: list[Person], act: Act, rows: dict[str, AbstractAsyncContextManager[None]]) -> None:
    print(f"\n{title:36}" + "".join(f"{callers:>26}" for callers in CALLERS))
    first: dict[int, tuple[float, float]] = {}
    for name, opened in rows.items():
        async with opened:
            found = await measured(people, act)
        first = first or found
        cells = (f"{p50:8.1f} / {p99:6.1f} ({p50 / first[n][0]:4.2f}×)" for n, (p50, p99) in found.items())
        print(f"{name:36}" + "".join(f"{cell:>26}" for cell in cells), flush=True)


async def main() -> None:
    print(f"{LISTENERS} listeners, SQLite; p50 / p99 in ms (p50 to the first row's), by people at once")
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(fresh_sqlite(Path(folder))) as desk, client.session() as session:
            desk.slack.limits.enabled, desk.slack.ack_seconds = False, 30.0
            people = [desk.slack.add_person(f"caller-{number}") for number in range(max(CALLERS))]
            async with desk.bot.database.begin() as tx:
                await policy.adopt(tx, rules(), by=SYSTEM, now=desk.clock.now())
            await desk.bot.refresh_directory()
            await desk.slack.quiet()

            def other(transport: str, *, within: bool, opens: bool) -> AbstractAsyncContextManager[None]:
                return served(desk, app(desk, session, within_request=within, opens=opens), transport)

            for transport in ("HTTP", "Socket Mode"):
                forms = {
                    "no-op, AsyncApp as it comes": other(transport, within=False, opens=False),
                    "no-op, answered within the request": other(transport, within=True, opens=False),
                    "a fixed form": other(transport, within=True, opens=True),
                    "Deskbell": deskbell(desk, transport),
                }
                await table(f"{transport}: /incident, form open", people, asks, forms)
                submissions = {
                    "no-op, AsyncApp as it comes": other(transport, within=False, opens=True),
                    "no-op, answered within the request": other(transport, within=True, opens=True),
                    "Deskbell, saved": deskbell(desk, transport),
                }
                await table(f"{transport}: its submission", people, submits, submissions)


if __name__ == "__main__":
    asyncio.run(main())
