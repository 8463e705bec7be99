"""A test of the tests: with one safeguard off the harness must see what that safeguard is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import faults
from cluster import Cluster
from load import Load
from mutants import MUTANTS
from races import race
from replicas import ProcessPool
from run import CAMPAIGNS, Campaign, run

ROUNDS = 12
TRIES = 3
TWO = Campaign(faults.nothing, processes=2)
"""Two processes on one SQLite file, which is not how it is run: there BEGIN IMMEDIATE alone keeps them apart."""
LOAD = Load(messages=320, a_second=10, rungs=2)


@dataclass(frozen=True)
class Trial:
    campaign: str
    """Of CAMPAIGNS, on PostgreSQL where it is not for SQLite too; TWO, or the races."""
    column: str
    """Where it must show."""


TRIALS: Mapping[str, Trial] = MappingProxyType(
    {
        "settle": Trial("late and hung", "repeated"),
        "look-up": Trial("lost answers", "repeated"),
        "last look at the lease": Trial("freeze at a call", "repeated"),
        "fence": Trial("freeze at a call", "stale"),
        "inbox": Trial("lost acknowledgements", "repeated"),
        "BEGIN IMMEDIATE": Trial("two on one file", "failed"),
        "revision": Trial("races", "unseen"),
    }
)


async def found_out(process_pool: ProcessPool, mutant: str, cluster: Cluster | None, load: Load = LOAD) -> int:
    """How often the harness found, in the column where it belongs, what is wrong without a safeguard.

    A fault falls where the dice let it fall: a run in which it did no harm is made again, with other dice.
    """
    for seed in range(1, 1 + TRIES):
        found = await _tried(process_pool, mutant, cluster, load, seed)
        if found:
            return found
    return 0


async def _tried(process_pool: ProcessPool, mutant: str, cluster: Cluster | None, load: Load, seed: int) -> int:
    trial = TRIALS[mutant]
    if trial.campaign == "races":
        assert cluster is not None
        return (await race(process_pool, cluster, ROUNDS, (mutant,))).faults[trial.column]
    campaign = CAMPAIGNS.get(trial.campaign, TWO)
    on = cluster if "sqlite" not in campaign.databases else None
    found = await run(process_pool, campaign, load, cluster=on, seed=seed, mutants=(mutant,))
    return found.counts[trial.column]


def described(mutant: str) -> str:
    return (MUTANTS[mutant].__doc__ or "").strip()
