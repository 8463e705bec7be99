"""What the sweep pays to find that nothing is due, with a thousand, a hundred thousand and a million open clocks.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_timers.py [most])

Each open clock has two timers ahead of it and as many that have rung, as a desk has after a year. The statement is the
one that `storage.timers.due` sends; it is timed at the driver, and once more as the sweep calls it. Figures are
milliseconds, medians of one run, and the ratio to the smallest table.
"""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from databases import Postgres, fresh_sqlite, private_server
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage import timers
from storage.db.columns import micros
from storage.db.database import Database

CLOCKS = (1_000, 100_000, 1_000_000)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROUNDS = 400
CALLS = 100
Row = tuple[str, str, str, datetime, datetime | None]


def rows(clocks: int) -> Iterator[Row]:
    """Two timers ahead for each clock, two that rang."""
    for number in range(clocks):
        ahead = NOW + timedelta(minutes=1 + number % 20_000)
        past = NOW - timedelta(minutes=1 + number % 200_000)
        subject = f"INC-{number // 2}"
        for kind in ("response",) if number % 2 else ("resolution",):
            yield subject, kind, "1:75", ahead, None
            yield subject, kind, "1:100", ahead + timedelta(hours=1), None
            yield f"{subject}-past", kind, "1:75", past, past
            yield f"{subject}-past", kind, "1:100", past, past


def fill_sqlite(path: str, clocks: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM timer")
        connection.executemany(
            "INSERT INTO timer (subject, kind, occurrence, due_at, fired_at) VALUES (?, ?, ?, ?, ?)",
            ((*one[:3], micros(one[3]), micros(one[4]) if one[4] else None) for one in rows(clocks)),
        )
        connection.execute("ANALYZE")


def fill_postgres(url: str, clocks: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE timer")
        with connection.cursor().copy("COPY timer (subject, kind, occurrence, due_at, fired_at) FROM STDIN") as copy:
            for row in rows(clocks):
                copy.write_row(row)
        connection.execute("VACUUM ANALYZE timer")


def median_ms(call: Callable[[], object]) -> float:
    """The least of five medians: this machine may have other things to do."""
    call()
    return min(statistics.median(_taken(call) for _ in range(ROUNDS)) for _ in range(5))


def _taken(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


async def as_the_sweep(url: str) -> tuple[float, str, Any]:
    """Milliseconds of a call, and the statement that it sent."""
    database, sent = Database(url), list[tuple[str, Any]]()

    def overheard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", overheard)
    taken = []
    try:
        for _ in range(CALLS):
            async with database.begin() as tx:
                began = time.perf_counter()
                assert await timers.due(tx, NOW, 100) == []
                taken.append((time.perf_counter() - began) * 1000)
    finally:
        event.remove(Engine, "before_cursor_execute", overheard)
        await database.close()
    statement, parameters = next(one for one in reversed(sent) if "FROM timer" in one[0])
    return statistics.median(taken), statement, parameters


def on_sqlite(clocks: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        url = fresh_sqlite(Path(folder))
        path = url.removeprefix("sqlite:///")
        fill_sqlite(path, clocks)
        swept, statement, parameters = asyncio.run(as_the_sweep(url))
        with closing(sqlite3.connect(path)) as connection:
            return median_ms(lambda: connection.execute(statement, parameters).fetchall()), swept


def on_postgres(server: Postgres, clocks: int) -> tuple[float, float]:
    url = server.fresh()
    try:
        fill_postgres(url, clocks)
        swept, statement, parameters = asyncio.run(as_the_sweep(url))
        with psycopg.connect(url) as connection:
            # Planned each time: whether PostgreSQL keeps a plan depends on the table's size, and would blur the ratio.
            call = partial(connection.execute, statement, parameters, prepare=False)
            return median_ms(lambda: call().fetchall()), swept
    finally:
        server.drop(url)


def show(name: str, measure: Callable[[int], tuple[float, float]], most: int) -> None:
    first: float | None = None
    for clocks in (one for one in CLOCKS if one <= most):
        found, swept = measure(clocks)
        first = first or found
        print(f"{name:>10}, {clocks:>9,} clocks: {found:.4f} ms ({found / first:.2f}×), as the sweep {swept:.2f} ms")


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else CLOCKS[-1]
    print("Nothing is due:")
    show("SQLite", on_sqlite, most)
    with private_server() as address:
        server = Postgres(address)
        show("PostgreSQL", lambda clocks: on_postgres(server, clocks), most)


if __name__ == "__main__":
    main()
