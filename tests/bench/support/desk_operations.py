"""What people and jobs do, each measured on a desk that was seeded."""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from alert_steps import alert, delivery
from cast import MONDAY, Desk
from change_steps import freezes

from bot.sandbox.person.people import Person
from bot.usecases.alert import deliveries
from storage import metrics
from storage.delivery import posts
from support import seeding

TIMES, ENOUGH = 5, 15.0
"""How often each is done; and after how many seconds it is done no more."""
FLAW = {"Service": "Service 7", "Impact": "Everyone", "Urgency": "High"}
INCIDENT_LISTS = (
    "", "mine", "assigned", "unassigned", "P1", "service:s7", '"slow"', "age>7d", "due<8h", "closed",
    "closed service:s7", 'all "printer"', 'all "nowhere at all"', "all mine",
)  # fmt: skip
ASKED = (
    "/change list", "/change list mine", "/change list closed", '/change list all "archive"', "/change approvals",
    "/change cab", "/change calendar", "/change calendar month", "/change CHG-110",
    "/problem list", "/problem list mine", "/problem list closed", '/problem list all "monday"',
    '/problem list all "nowhere at all"', "/problem known-errors", "/problem PRB-110", "/problem timeline PRB-110",
    "/action list", "/action list mine", "/action list verified", '/action list all "vendor"',
    '/action list all "nowhere at all"', "/action ACT-110",
    "/request", "/request list", "/request list mine", "/request list closed", "/request list closed mine",
    '/request list all "repair"', '/request list all "nowhere at all"', "/request approvals", "/request REQ-110",
    "/review list", "/review list mine", "/review list published", '/review list all "nowhere at all"',
    "/review REV-105",
    "/alert list", "/alert list resolved", "/alert list all", "/alert list all prom",
    "/ci list", '/ci list "app 7"', "/ci app 77", "/ci CI-120", "/ci impact CI-120", "/ci timeline CI-120",
    "/service", "/service Service 7",
    "/report", "/report month", "/report quarter", "/report week Service 7", "/report list", "/iso",
)  # fmt: skip
NUMBERS = count()


class Cost(NamedTuple):
    ms: float
    """Of this process's processor, the sandbox's share included."""
    statements: int
    pages: int
    """That PostgreSQL looked at, in memory or on disk, which tells of no other work."""


def nothing() -> int:
    return 0


@dataclass
class Bench:
    desk: Desk
    size: int
    only: str
    pages: Callable[[], int] = nothing
    """How many PostgreSQL has looked at so far."""
    took: dict[str, Cost] = field(default_factory=dict)
    most: int = TIMES
    """How often each is done, at the most."""
    spent: dict[str, Counter[str]] = field(default_factory=dict)
    """Of each operation, by statement: milliseconds a time."""
    statements: int = 0
    _spending: Counter[str] = field(default_factory=Counter)
    _began: float = 0.0

    def heard(self, *_: Any) -> None:
        self.statements += 1
        self._began = time.process_time()

    def answered(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._spending[statement] += (time.process_time() - self._began) * 1e3

    async def times(
        self,
        name: str,
        act: Callable[[], Awaitable[object]],
        *,
        first: Callable[[], Awaitable[object]] | None = None,
        then: Callable[[], Awaitable[object]] | None = None,
        times: int = TIMES,
    ) -> None:
        """What `act` costs; what comes before and behind it is not counted."""
        if not any(word in name for word in self.only.split("|")):
            return
        took: list[float] = []
        pages: list[int] = []
        spent: Counter[str] = Counter()
        while len(took) < min(times, self.most) and sum(took) < ENOUGH * 1e3:
            if first:
                await first()
            self.statements = 0
            self._spending.clear()
            looked, began = self.pages(), time.process_time()
            await act()
            took.append((time.process_time() - began) * 1e3)
            said = self.statements
            pages.append(self.pages() - looked)
            spent.update(self._spending)
            if then:
                await then()
        self.took[name] = Cost(statistics.median(took), said, round(statistics.median(pages)))
        self.spent[name] = Counter({statement: ms / len(took) for statement, ms in spent.items()})
        cost = self.took[name]
        told = f"{cost.ms:.1f} ms, {said} statements" + (f", {cost.pages:,} pages" if cost.pages else "")
        print(f"{self.size:,} {name}: {told}", file=sys.stderr, flush=True)

    def newest(self, noun: seeding.Copied) -> int:
        return noun.last(self.size)


def runs(person: Person, command: str) -> Callable[[], Awaitable[None]]:
    async def act() -> None:
        answer = await person.runs(command)
        assert answer.ok, (command, answer.failure)

    return act


async def incidents(bench: Bench) -> None:
    desk = bench.desk
    requester, agent = desk.requester, desk.agent

    async def form() -> None:
        await runs(requester, f"/incident Everything is slow since {next(NUMBERS)} o'clock")()

    async def types() -> None:
        await requester.fills({"Service": "Service 7"})

    async def filled() -> None:
        await form()
        await requester.fills(FLAW)

    async def submits() -> None:
        assert not await requester.submits({})

    async def reported() -> None:
        await both(filled, submits)
        await desk.settles()

    newest = bench.newest(seeding.INCIDENTS)

    async def acknowledges() -> None:
        nonlocal newest
        newest += 1
        await runs(agent, f"/incident ack INC-{newest}")()

    await bench.times("a report's form", form, then=requester.closes)
    await form()
    await bench.times("typing in it", types)
    await requester.closes()
    before = len(bench.took)
    await bench.times("a report saved", submits, first=filled)
    await bench.times("its card delivered", desk.settles, first=lambda: both(filled, submits))
    if len(bench.took) > before:
        newest += min(TIMES, bench.most)
        await desk.settles()
    await bench.times("acknowledged", acknowledges, first=reported, then=desk.settles)
    await bench.times("redrawn after that", desk.settles, first=lambda: both(reported, acknowledges))
    for asked in INCIDENT_LISTS:
        await bench.times(f"/incident list {asked}", runs(agent, f"/incident list {asked}"))
    await bench.times(
        "/incident list closed, next page", lambda: agent.clicks("Next"), first=runs(agent, "/incident list closed")
    )
    for command in ("INC-150", "why INC-150", "timeline INC-150"):
        await bench.times(f"/incident {command}", runs(agent, f"/incident {command}"))
    await bench.times("/sla", runs(agent, "/sla"))
    await bench.times("/sla service", runs(agent, "/sla service Service 7"))


async def homes(bench: Bench) -> None:
    desk = bench.desk
    for name, one in (("reporter", desk.requester), ("agent", desk.agent), ("manager", desk.manager)):
        await bench.times(f"App Home, {name}", lambda one=one: both(one.opens_home, desk.settles))  # type: ignore[misc]
    await bench.times("App Home, approver", lambda: both(desk.approver.opens_home, desk.settles))


async def others(bench: Bench) -> None:
    """Changes, and all nouns that came later."""
    desk = bench.desk
    requester, agent, approver = desk.requester, desk.agent, desk.approver
    asked, request, firing = bench.newest(seeding.CHANGES), bench.newest(seeding.REQUESTS), 0

    async def asks() -> None:
        nonlocal asked
        asked += 1
        await desk.asks_for_change(f"Upgrade the gateway {asked}")

    async def approves() -> None:
        await runs(approver, f"/change approve CHG-{asked}")()

    async def fills() -> None:
        await runs(requester, "/request laptop")()
        await requester.fills({"What do you need?": "A repair"})

    async def requests() -> None:
        nonlocal request
        request += 1
        assert not await requester.submits({"Which one is broken?": f"LT-{request}"})

    async def fulfils() -> None:
        await runs(agent, f"/request start REQ-{request}")()
        await runs(agent, f"/request fulfil REQ-{request} done")()

    async def fires(state: str) -> None:
        nonlocal firing
        firing += state == "firing"
        one = alert(f"bench{firing}", state, desk.clock.now())
        async with desk.bot.database.begin() as tx:
            await deliveries.keep(tx, "prom", delivery(one, group=f"g{firing}"), "made", desk.clock.now())

    await bench.times("a change's form", runs(requester, "/change New gateway"), then=requester.closes)
    await bench.times("a change approved", approves, first=asks, then=desk.settles)
    await bench.times("a request saved", requests, first=fills)
    await bench.times("a request fulfilled", fulfils, first=lambda: both(fills, requests), then=desk.settles)
    await bench.times("an alert works off", desk.bot.jobs.alerts, first=lambda: fires("firing"), then=desk.settles)
    await bench.times("its end", desk.bot.jobs.alerts, first=lambda: fires("resolved"), then=desk.settles, times=1)
    for command in ASKED:  # what goes on after its answer is not counted with what comes next
        await bench.times(command, runs(desk.manager, command), then=lambda: desk.bot.bolt.rest(120))
    spans = count(60)

    async def frozen() -> None:
        begins = MONDAY + timedelta(days=next(spans))
        await freezes(desk, From=begins, To=begins + timedelta(hours=2))

    await bench.times("a freeze made", frozen, times=3)


async def jobs(bench: Bench) -> None:
    """What runs by itself."""
    desk, done = bench.desk, bench.desk.bot.jobs

    async def last_message() -> None:
        async with desk.bot.database.read() as tx:
            await posts.last_in(tx, "#service-desk")

    async def scraped() -> None:
        """What the doors ask for at most once in five seconds."""
        async with desk.bot.database.read(long=True) as tx:
            await metrics.read(tx, desk.clock.now())

    await bench.times("last message of a channel", last_message)
    for name in ("sweep", "alerts", "listen", "seal", "audit", "prune", "tidy"):
        await bench.times(f"job: {name}", getattr(done, name))
    await bench.times("metrics", scraped, times=3)
    await bench.times("directory refreshed", desk.bot.refresh_directory, times=3)


async def both(*acts: Callable[[], Awaitable[object]]) -> None:
    for act in acts:
        await act()
