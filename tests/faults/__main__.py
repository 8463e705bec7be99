"""The fault harness from the command line; `make faults` and `make mutants` run it whole.

PYTHONPATH=tests python tests/faults --messages 5000 kill      campaigns whose name holds a word
PYTHONPATH=tests python tests/faults --on sqlite --seed 7
PYTHONPATH=tests python tests/faults --races 1000              fifty people at once, so many times
PYTHONPATH=tests python tests/faults --mutants                 with each safeguard off in turn
"""

import argparse
import asyncio
import sys
from contextlib import nullcontext
from time import monotonic

import run as campaigns
from cluster import Cluster, cluster
from load import Load
from mutant_runs import TRIALS, described, found_out
from races import CROWD, race
from release_before import NotOnRecord
from replicas import ProcessPool, process_pool
from report import Table

MESSAGES = 100_000
A_SECOND = 70
"""Messages that fall due: two thirds of what this house says on two cores, sandbox and harness included."""


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break Deskbell in every way, and count what that breaks.")
    parser.add_argument("words", nargs="*", help="campaigns whose name holds one of these; all of them if none")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="in all campaigns together")
    parser.add_argument("--on", choices=("sqlite", "postgres"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--a-second", type=float, default=A_SECOND, help="messages that fall due in a second")
    parser.add_argument("--races", type=int, help="rounds of fifty people at once, instead of campaigns")
    parser.add_argument("--mutants", action="store_true", help="with each safeguard off in turn, instead of campaigns")
    return parser.parse_args()


async def main(wanted: argparse.Namespace) -> int:
    began = monotonic()
    needs = wanted.mutants or wanted.races or wanted.on != "sqlite"
    with process_pool() as born, cluster() if needs else nullcontext() as server:
        if wanted.mutants:
            clean = await _mutants(born, server)
        elif wanted.races:
            clean = await _races(born, server, wanted.races)
        else:
            clean = await _campaigns(born, server, wanted)
    print(f"{monotonic() - began:.0f} s")
    return 0 if clean else 1


async def _campaigns(born: ProcessPool, server: Cluster | None, wanted: argparse.Namespace) -> bool:
    chosen = [
        (name, one, database)
        for name, one in campaigns.CAMPAIGNS.items()
        for database in one.databases
        if wanted.on in (None, database) and (not wanted.words or any(word in name for word in wanted.words))
    ]
    share, table = wanted.messages / sum(one.weight for _, one, _ in chosen), Table()
    for name, one, database in chosen:
        on = server if database == "postgres" else None
        load = Load(round(share * one.weight), wanted.a_second)
        try:
            found = await campaigns.run(born, one, load, cluster=on, seed=wanted.seed)
        except NotOnRecord as fault:
            print(f"{name}, {database}: left out. {fault}", flush=True)
            continue
        table.add(name, database, found)
        print(table.rows[-1], *found.examples, sep="\n", flush=True)
        if found.points[0]:
            print(f"struck at {found.points[0]} of {found.points[1]} named points", flush=True)
    print("", *table.lines(), sep="\n")
    return table.clean


async def _races(born: ProcessPool, server: Cluster, rounds: int) -> bool:
    found = await race(born, server, rounds)
    print(
        f"{found.rounds} rounds of {CROWD}, {found.edited} of them with an edit that came first: "
        f"{dict(found.faults) or 'one decision each, every press answered'}; slowest round {found.slowest:.1f} s",
        *found.examples,
        sep="\n",
    )
    return found.clean


async def _mutants(born: ProcessPool, server: Cluster) -> bool:
    print("| without | what then happens | campaign | column | found |", "|---|---|---|---|--:|", sep="\n", flush=True)
    missed = 0
    for mutant, trial in TRIALS.items():
        found = await found_out(born, mutant, server)
        missed += not found
        print(f"| {mutant} | {described(mutant)} | {trial.campaign} | {trial.column} | {found} |", flush=True)
    return missed == 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(asked())))
