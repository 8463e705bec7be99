"""A run: a load, people at work, one kind of fault, and what it all came to once everything was let be again."""

import asyncio
import random
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from types import MappingProxyType

import faults
import upgrades
from checks.checks import judge
from checks.observation import Finding
from checks.process_log import UNLIMITED_PAGES
from cluster import Cluster
from environment import Ground, ground, prepared
from faults import Hurt
from load import Load
from release_before import release_before
from replicas import ProcessPool
from replicas import process_pool as process_pool_of
from sqlalchemy import text
from users import Crowd

from storage import timers

PATIENCE_SECONDS = 180.0
"""How long a desk that is let be may take to say all that it has to say."""


@dataclass(frozen=True)
class Campaign:
    hurt: Hurt
    transport: str = "http"
    processes: int = 1
    """On SQLite; on PostgreSQL there are three."""
    databases: tuple[str, ...] = ("sqlite", "postgres")
    weight: int = 1
    """Its share of a run's messages."""
    upgrades: bool = False
    """Whether the release before begins."""

    @property
    def title(self) -> str:
        return (self.hurt.__doc__ or "").strip().split("\n")[0]


SQLITE, POSTGRES = ("sqlite",), ("postgres",)
CAMPAIGNS: Mapping[str, Campaign] = MappingProxyType(
    {
        "calm": Campaign(faults.nothing),
        "kill at each point": Campaign(faults.kills_at_points, weight=3),
        "kill at random": Campaign(faults.kills, transport="socket"),
        "freeze past the lease": Campaign(faults.freezes),
        "freeze at a call": Campaign(faults.freezes_at_calls, databases=POSTGRES),
        "429 storm": Campaign(faults.limits),
        "5xx": Campaign(faults.server_errors),
        "lost answers": Campaign(faults.lost_answers, transport="socket"),
        "late and hung": Campaign(faults.late_answers),
        "sockets": Campaign(faults.broken_sockets, transport="socket"),
        "lost acknowledgements": Campaign(faults.lost_acknowledgements),
        "database crash": Campaign(faults.crashes, databases=POSTGRES),
        "database locked": Campaign(faults.locked, databases=SQLITE),
        "disk full": Campaign(faults.full, databases=SQLITE),
        "clocks": Campaign(faults.moved_clocks),
        "rolling restart": Campaign(faults.rolling_restarts),
        "rolling upgrade": Campaign(upgrades.rolling_upgrades, upgrades=True),
        "everything": Campaign(faults.everything),
    }
)


async def run(
    process_pool: ProcessPool,
    campaign: Campaign,
    load: Load,
    *,
    cluster: Cluster | None,
    seed: int = 1,
    mutants: tuple[str, ...] = (),
) -> Finding:
    """The campaign on PostgreSQL where there is a cluster, else on SQLite. Raises NotOnRecord."""
    how: dict[str, object] = {
        "cluster": cluster,
        "transport": campaign.transport,
        "processes": 3 if cluster else campaign.processes,
        "mutants": mutants,
    }
    async with AsyncExitStack() as stack:
        if campaign.upgrades:
            release = stack.enter_context(release_before())
            how["before"] = (release, stack.enter_context(process_pool_of(release)))
        found = await stack.enter_async_context(ground(process_pool, load, **how))  # type: ignore[arg-type]
        await prepared(found)
        await found.started()
        crowd = Crowd(found)
        crowd.start()
        await _hurt(found, campaign, random.Random(seed))
        await _heal(found)
        await crowd.stop()
        await _rest(found)
        await asyncio.gather(*(one.stop() for one in found.replicas))
        return await judge(found, crowd.reports)


async def _hurt(found: Ground, campaign: Campaign, dice: random.Random) -> None:
    """Until the load has fallen due, and on a slow machine somewhat longer: what is said later would have it easy."""
    seconds = found.load.head_start + found.load.seconds
    hurting = asyncio.create_task(campaign.hurt(found, dice))
    ended, _ = await asyncio.wait({hurting}, timeout=seconds)
    if not ended:
        await _rest(found, seconds)
    hurting.cancel()
    with suppress(asyncio.CancelledError):
        await hurting


async def _heal(found: Ground) -> None:
    """Nothing is in the desk's way any more."""
    found.slack.faults.clear()
    if found.slack.delivery.http is not None:
        found.slack.delivery.http.lost_share = 0.0  # type: ignore[attr-defined]
    for one in found.replicas:
        one.signal(signal.SIGCONT)
        one.strings.clock_off, one.strings.most_pages = 0.0, UNLIMITED_PAGES
    if found.cluster is not None and (found.cluster.process is None or found.cluster.process.poll() is not None):
        await asyncio.to_thread(found.cluster.start)
    await found.revived()


async def _rest(found: Ground, seconds: float = PATIENCE_SECONDS) -> None:
    """Until all that fell due has been said, or patience is at its end: the judge then sees what was not."""
    until = monotonic() + seconds
    while monotonic() < until and await _waiting(found):  # noqa: ASYNC110 - the desk is another process
        await asyncio.sleep(0.25)


async def _waiting(found: Ground) -> bool:
    """Whether anything is due that has not been said. Reads as little as it can: the desk is at work."""
    soon = found.slack.clock.now() + timedelta(seconds=10)
    rows = text("SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending', 'ambiguous')")
    with suppress(Exception):
        async with found.database.read() as tx:
            coming = await timers.next_due(tx)
            waiting = (await tx.exec(rows)).scalar()  # type: ignore[call-overload]
        return bool(waiting) or (coming is not None and coming < soon)
    return True
