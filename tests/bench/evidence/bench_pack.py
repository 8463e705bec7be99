"""The evidence pack of a large desk: seconds and memory for 100,000 records, beside reading and hashing the same rows.

    PYTHONPATH=tests:tests/bench python tests/bench/evidence/bench_pack.py [CLOSED [DATABASE]]

CLOSED incidents (20,000 unless told) and what belongs to them, on SQLite. What is copied has no chain (`seeding.py`):
its facts are sealed anew first. The ratio is the pack's time to that of one SELECT of all facts, each hashed. With
DATABASE the desk is kept there and used again.
"""

import asyncio
import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from support import seeding

from bot.usecases.iso.freezing import freeze
from storage.db.database import Database
from storage.db.urls import async_url

CLOSED = 20_000


async def sealed(url: str) -> None:
    database = Database(async_url(url))
    async with database.begin() as tx:
        await freeze(tx, datetime.now(UTC), lambda point: point)
    await database.close()


def seeded(path: Path, closed: int) -> None:
    url = f"sqlite:///{path}"
    asyncio.run(seeding.seed(url, closed))
    with closing(sqlite3.connect(path)) as desk, desk:
        triggers = desk.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('fact', 'checkpoint')"
        ).fetchall()
        for name, _ in triggers:
            desk.execute(f"DROP TRIGGER {name}")
        desk.execute("DELETE FROM checkpoint")
        desk.execute("UPDATE fact SET seq = NULL, hash = NULL, prev_hash = NULL")
        desk.execute("UPDATE counter SET last = 0 WHERE noun = 'journal'")
        for _, statement in triggers:
            desk.execute(statement)
    asyncio.run(sealed(url))


def bare(path: Path) -> float:
    """One SELECT of all facts, each hashed: what any pack of them costs at the least."""
    began = time.process_time()
    with closing(sqlite3.connect(path)) as desk:
        for row in desk.execute("SELECT seq, prev_hash, id, subject, kind, at, by, data FROM fact ORDER BY seq"):
            hashlib.sha256(repr(row).encode()).digest()
    return time.process_time() - began


RUNS = """
import sys
from bot.cli import main
try:
    main(sys.argv[1:])
finally:
    print(next(one for one in open("/proc/self/status") if one.startswith("VmHWM")).split()[1], file=sys.stderr)
"""


def packed(path: Path, out: Path) -> tuple[float, int, int]:
    """Seconds of processor, and KiB at the most, of a process of its own; and how many records."""
    settings = os.environ | {"DESKBELL_DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "-c", RUNS, "iso", "pack", "--period", "2020-01-01..2030-12-31", str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=settings, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with closing(sqlite3.connect(path)) as desk:
        (records,) = desk.execute("SELECT count(DISTINCT subject) FROM fact WHERE subject LIKE '%-%'").fetchone()
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stderr.split()[-1]), records


def main() -> None:
    closed = int(sys.argv[1]) if len(sys.argv) > 1 else CLOSED
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder, "desk.db")
        if not path.exists():
            seeded(path, closed)
        least = bare(path)
        seconds, most, records = packed(path, Path(folder, "pack.zip"))
    per = 100_000 / records
    print(
        f"{records} records: {seconds:.1f} s, {most // 1024} MiB at the most, {seconds / least:.1f} times a bare read"
    )
    print(f"for 100,000 records: {seconds * per:.0f} s")


if __name__ == "__main__":
    main()
