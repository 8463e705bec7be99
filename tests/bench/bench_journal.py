"""What the journal costs: to verify it whole, to seal it, and to write a fact in the business transaction.

    make bench    (or: PYTHONPATH=tests:tests/storage python tests/bench/bench_journal.py [facts])

SQLite on this machine's disc. A third of the facts have words.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "storage"))

from databases import fresh_sqlite
from journals import SIGNER, bulk, source
from records import NOON, fact

from bot.rules.journal.checkpoints import EVERY_FACTS
from storage.db.database import Database
from storage.journal import checkpoints as journal_checkpoints
from storage.journal import journal
from storage.journal.verification_report import KeptCheckpoint
from storage.journal.verify import verify

FACTS = 1_000_000
BURST = 5_000
ROUNDS = 300


def verifying(url: str, count: int) -> None:
    began = time.perf_counter()
    bulk(url.removeprefix("sqlite:///"), count, words_each=3)
    print(f"{count:,} facts written in {time.perf_counter() - began:.0f} s")
    point = asyncio.run(checkpointed(url))
    for processes in (1, os.cpu_count() or 1):
        began, worked = time.perf_counter(), at_work()
        report = verify(source(url), [KeptCheckpoint("what was remembered", point)], [SIGNER.public], processes)
        took, worked = time.perf_counter() - began, at_work() - worked
        assert report.faults == []
        assert report.facts == count
        print(f"verified in {took:.2f} s, {count / took:,.0f} facts/s ({processes} processes, {worked:.2f} s of CPU)")


def at_work() -> float:
    """Seconds of CPU, of this process and of those it waited for: what a busy machine does not blur."""
    return sum(os.times()[:4])


async def checkpointed(url: str):
    database = Database(url)
    async with database.begin() as tx:
        began = time.perf_counter()
        point = await journal_checkpoints.make(tx, NOON, SIGNER.sign)
        print(f"the first checkpoint over all of it: {time.perf_counter() - began:.2f} s")
    await database.close()
    return point


async def sealing(url: str) -> None:
    """A burst that was written at once: how long until all of it is sealed and has its checkpoint."""
    database = Database(url)
    for start in range(0, BURST, 500):
        async with database.begin() as tx:
            for number in range(start, start + 500):
                await journal.record(tx, fact(f"INC-{number}", words={"summary": "VPN is down"}))
    began, checkpoints = time.perf_counter(), 0
    while True:
        async with database.begin() as tx:
            fresh = await journal.seal(tx, 500)
            made = await journal_checkpoints.make(tx, NOON + timedelta(days=1), SIGNER.sign)
            checkpoints += made is not None
        if not fresh:
            break
    took = time.perf_counter() - began
    print(f"{BURST:,} facts sealed in {took:.2f} s, {BURST / took:,.0f}/s, with {checkpoints} checkpoints")
    await database.close()


async def recording(url: str) -> None:
    """Milliseconds of a commit without a fact, with one, and with one that has words; medians, interleaved."""
    database, taken = Database(url), {"nothing": [], "a fact": [], "a fact with words": []}
    for _ in range(ROUNDS):
        for what, times in taken.items():
            began = time.perf_counter()
            async with database.begin() as tx:
                await journal.sealed(tx)
                if what != "nothing":
                    words = {"summary": "VPN is down"} if "words" in what else {}
                    await journal.record(tx, fact(words=words))
            times.append((time.perf_counter() - began) * 1000)
    for what, times in taken.items():
        print(f"a transaction with {what}: p50 {statistics.median(times):.2f} ms, p99 {sorted(times)[-4]:.2f} ms")
    await database.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FACTS
    print(f"One checkpoint for every {EVERY_FACTS:,} facts or minute.")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(recording(fresh_sqlite(Path(folder))))
        asyncio.run(sealing(fresh_sqlite(Path(folder))))
        verifying(fresh_sqlite(Path(folder)), count)


if __name__ == "__main__":
    main()
