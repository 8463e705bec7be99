"""The fault harness from the command line: `make faults`, which runs all of it, or a part.

PYTHONPATH=tests python tests/faults --messages 5000 kill       campaigns whose name holds a word
PYTHONPATH=tests python tests/faults --on sqlite --seed 7
"""

import argparse
import asyncio
import sys
from contextlib import nullcontext
from time import monotonic

import campaign as campaigns
from cluster import cluster
from load import Load
from replicas import nursery
from table import Table

A_SECOND = 55
"""Messages that fall due: what one process of this house says on half of a small machine."""


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break Deskbell in every way, and count what that breaks.")
    parser.add_argument("words", nargs="*", help="campaigns whose name holds one of these; all of them if none")
    parser.add_argument("--messages", type=int, default=100_000, help="in all campaigns together")
    parser.add_argument("--on", choices=("sqlite", "postgres"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--a-second", type=float, default=A_SECOND, help="messages that fall due in a second")
    return parser.parse_args()


async def main(wanted: argparse.Namespace) -> int:
    chosen = [
        (name, one, database)
        for name, one in campaigns.CAMPAIGNS.items()
        for database in one.databases
        if wanted.on in (None, database) and (not wanted.words or any(word in name for word in wanted.words))
    ]
    share = max(1, wanted.messages // len(chosen))
    table, began = Table(), monotonic()
    needs = any(database == "postgres" for _, _, database in chosen)
    async with nursery() as born:
        with cluster() if needs else nullcontext() as server:
            for name, one, database in chosen:
                load = Load(share, wanted.a_second)
                found = await campaigns.run(
                    born, one, load, cluster=server if database == "postgres" else None, seed=wanted.seed
                )
                table.add(name, database, found)
                print(table.rows[-1], *found.examples, sep="\n", flush=True)
    print("", *table.lines(), f"{monotonic() - began:.0f} s", sep="\n")
    return 0 if table.clean else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(asked())))
