"""Desks that were seeded, on either database: made for the occasion, or kept and copied from there afterwards.

`make bench DESKS=FOLDER` keeps them in that folder, and then a desk of a million closed incidents is among them: seeded
once, in some five minutes of processor, 11.4 GB; on PostgreSQL 13 GB on the server that DESKBELL_TEST_POSTGRES_URL
names, without which there is none of that size. Each needs as much room again while it is used.
"""

import argparse
import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TypeAlias

import psycopg
from databases import SERVER_VARIABLE, Postgres, fresh_sqlite, private_server
from sqlalchemy import make_url

from storage.db import schema
from support import seeding

ON = ("sqlite", "postgresql")
SIZES, MILLION = (1_000, 100_000), 1_000_000
FOLDER = "DESKBELL_DESKS"
STATISTICS = ("shared_preload_libraries=pg_stat_statements", "shared_buffers=256MB")
"""Settings of a server that counts what each statement looks at; one of your own needs the first too."""
Desks: TypeAlias = Callable[[int], AbstractContextManager[str]]
"""A desk of a size, for as long as it is used: its URL."""


def ask(told: argparse.ArgumentParser) -> argparse.Namespace:
    """What every bench of seeded desks may be told: databases, sizes, and where desks are kept."""
    named = os.environ.get(FOLDER)
    told.add_argument("sizes", nargs="*", type=int, default=(*SIZES, MILLION) if named else SIZES)
    told.add_argument("--on", choices=ON)
    told.add_argument("--keep", type=Path, default=Path(named) if named else None)
    asked = told.parse_args()
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    return asked


def sizes(on: str, asked: argparse.Namespace) -> list[int]:
    """Those that there is room for: the server that is started for the time being works in memory."""
    kept = on == "sqlite" or os.environ.get(SERVER_VARIABLE) is not None
    return [one for one in asked.sizes if kept or one < MILLION]


@contextmanager
def desks(on: str, keep: Path | None) -> Iterator[Desks]:
    """On PostgreSQL they are kept on the server that DESKBELL_TEST_POSTGRES_URL names, as templates; without one of
    its own, a server is started for the time being."""
    if on == "sqlite":
        yield lambda size: on_sqlite(size, keep)
        return
    given = os.environ.get(SERVER_VARIABLE)
    with private_server(*STATISTICS) if given is None else nullcontext(given) as server:
        yield lambda size: on_postgres(size, Postgres(server), keep=given is not None and keep is not None)


@contextmanager
def on_sqlite(size: int, keep: Path | None) -> Iterator[str]:
    """A seeded desk in a file of its own."""
    with tempfile.TemporaryDirectory(dir=keep) as folder:
        url = fresh_sqlite(Path(folder))
        path = Path(str(make_url(url).database))
        if keep is None:
            asyncio.run(seeding.seed(url, size))
        else:
            kept = keep / f"lite-{size}.db"
            if not kept.exists():
                asyncio.run(seeding.seed(url, size))
                with closing(sqlite3.connect(path)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                path.rename(kept)
            shutil.copy(kept, path)
            schema.migrate(url)
        yield url


@contextmanager
def on_postgres(size: int, server: Postgres, *, keep: bool) -> Iterator[str]:
    if not keep:
        url = server.fresh()
        asyncio.run(seeding.seed(url, size))
        yield url
        server.drop(url)
        return
    name, being_made = f"deskbell_growth_{size}", f"deskbell_growth_{size}_being_made"
    template = make_url(server.server).set(database=name).render_as_string(hide_password=False)
    try:
        psycopg.connect(template).close()
    except psycopg.OperationalError:
        made = make_url(template).set(database=being_made).render_as_string(hide_password=False)
        server._run(f'DROP DATABASE IF EXISTS "{being_made}"')
        server._run(f'CREATE DATABASE "{being_made}"')
        schema.migrate(made)
        asyncio.run(seeding.seed(made, size))
        server._run(f'ALTER DATABASE "{being_made}" RENAME TO "{name}"')
    url = server.empty(name)
    schema.migrate(url)
    yield url
    server.drop(url)
