"""The ground of a run: a workspace without limits, a database, and the bot as one process or three."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import databases
from bot_process import Order
from cast import workspace
from cluster import Cluster
from load import Load, furnish, promise
from release_before import Release
from replicas import ProcessPool, Replica
from time_scale import Pace

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app.delivery import Ack, HttpDoor
from bot.usecases import policy as desk_policy
from storage.db import schema
from storage.db.database import Database


class Balancer:
    """Spreads what Slack sends over the replicas that live, as whatever stands before them would."""

    def __init__(self, slack: Workspace, replicas: list[Replica], session: Any) -> None:
        self._slack, self._replicas, self._session = slack, replicas, session
        self._turns = count()
        self._dice = random.Random(1)
        self.lost_share = 0.0
        """Of the acknowledgements."""

    async def send(self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None) -> Ack:
        alive = [one for one in self._replicas if one.alive and one.lives] or self._replicas
        chosen = alive[next(self._turns) % len(alive)]
        ack = await HttpDoor(self._slack, chosen.events_url, self._session).send(kind, payload, retry)
        return Ack(failure="operation_timeout") if self._dice.random() < self.lost_share else ack


@dataclass
class Ground:
    slack: Workspace
    server: Server
    database: Database
    url: str
    load: Load
    folder: Path
    replicas: list[Replica]
    pace: Pace
    cluster: Cluster | None
    before: Release | None = None
    """The release that the desk begins with, where that is another one."""
    successor: ProcessPool | None = None
    """Where processes of this release come from, where there is one before it."""
    epoch: float = field(default_factory=monotonic)
    hurts: list[tuple[float, str]] = field(default_factory=list)
    """When what was done to it (CLOCK_MONOTONIC)."""

    def __post_init__(self) -> None:
        self._epoch_at = self.slack.clock.now()

    @property
    def on_postgres(self) -> bool:
        return self.cluster is not None

    def monotonic_of(self, moment: Any) -> float:
        """What CLOCK_MONOTONIC said at a moment of the workspace's clock."""
        return self.epoch + (moment - self._epoch_at).total_seconds()

    def hurt(self, what: str) -> None:
        self.hurts.append((monotonic(), what))

    async def started(self) -> None:
        """One after another, as they are rolled out."""
        for one in self.replicas:
            await one.start()
            await one.ready()

    async def revived(self, **death: Any) -> None:
        """Whoever is dead lives again."""
        dead = [one for one in self.replicas if not await one.is_alive()]
        await asyncio.gather(*(one.start(**death) for one in dead))
        await asyncio.gather(*(one.ready() for one in dead))


@asynccontextmanager
async def ground(
    process_pool: ProcessPool,
    load: Load,
    *,
    cluster: Cluster | None = None,
    transport: str = "http",
    processes: int = 1,
    pace: Pace | None = None,
    mutants: tuple[str, ...] = (),
    rules: Policy | None = None,
    delivers: bool = True,
    crowd: tuple[str, int] | None = None,
    before: tuple[Release, ProcessPool] | None = None,
) -> AsyncIterator[Ground]:
    """SQLite and one process, or PostgreSQL and three where there is a cluster; nothing runs yet.

    `crowd`: a user group and how many are in it; `before`: the release that it begins with, and where its processes
    come from.
    """
    release, first_pool = before or (None, process_pool)
    pace = pace or Pace()
    slack = workspace(Clock())
    slack.limits.enabled = False
    furnish(slack)
    if crowd is not None:
        handle, size = crowd
        slack.change_usergroup(handle, [slack.add_person(f"{handle}-{one}").handle for one in range(size)])
    with tempfile.TemporaryDirectory(prefix="deskbell-faults-", dir=databases._where()) as name:
        folder = Path(name)
        url = _database(folder, cluster, release)
        database = Database(url)
        policy = folder / "policy.toml"
        policy.write_text((rules or load.policy()).text, encoding="utf-8")
        async with Server(slack) as server:
            settings = {
                "bot_token": slack.bot_token,
                "slack_api_url": server.api_url,
                "database_url": url,
                # What is in force stays: sections of a newer release would be faults to the one before.
                "policy": None if release else str(policy),
            } | ({"app_token": slack.app_token} if transport == "socket" else {"signing_secret": slack.signing_secret})
            replicas = [
                Replica(first_pool, Order(f"bot{n}", str(folder), settings, pace, mutants, delivers=delivers))
                for n in range(processes)
            ]
            found = Ground(slack, server, database, url, load, folder, replicas, pace, cluster, release, process_pool)
            if transport == "http":
                slack.delivery.http = Balancer(slack, replicas, server._session)  # type: ignore[assignment]
            try:
                yield found
            finally:
                await asyncio.gather(*(one.kill() for one in replicas if one.alive))
                await database.close()
        if cluster:
            cluster.drop(url)


def _database(folder: Path, cluster: Cluster | None, release: Release | None) -> str:
    if cluster:
        return cluster.database(release.migrate if release else schema.migrate)
    if release is None:
        return databases.fresh_sqlite(folder)
    url = f"sqlite:///{folder}/before.db"
    release.migrate(url)
    return url


async def prepared(found: Ground) -> None:
    """The policy in force, and the load written down; its first reminder falls due a little later."""
    load = found.load
    if found.before is not None:
        first = found.slack.clock.now() + timedelta(seconds=load.head_start)
        told = (load.messages, load.a_second, load.rungs, first.isoformat())
        await found.before.write_down(found.url, *map(str, told))
        return
    async with found.database.begin() as tx:
        await desk_policy.adopt(tx, load.policy(), by=SYSTEM, now=found.slack.clock.now())
    await promise(found.database, load, found.slack.clock.now() + timedelta(seconds=load.head_start))
