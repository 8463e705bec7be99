"""Databases of earlier releases, kept: what `played.play` left on each, as SQL.

A release adds its own, once, on the day it is made, and it never changes afterwards:

    PYTHONPATH=tests:tests/upgrades python tests/upgrades/kept.py

PostgreSQL's programs must be installed.
"""

import asyncio
import gzip
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import psycopg
from cast import open_desk
from databases import Postgres, binaries, fresh_sqlite, private_server
from played import play
from sqlalchemy import make_url

HERE = Path(__file__).parent
KEPT = sorted(HERE.glob("*/*.sql.gz"))


def main() -> None:
    folder = HERE / version("deskbell")
    folder.mkdir()
    with tempfile.TemporaryDirectory() as scratch, private_server() as server:
        for name, url, dump in (
            ("sqlite", fresh_sqlite(Path(scratch)), dumped_sqlite),
            ("postgres", Postgres(server).fresh(), dumped_postgres),
        ):
            asyncio.run(_played(url))
            text = dump(url)
            (folder / f"{name}.sql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
            print(f"{folder.name}/{name}.sql.gz: {len(text.splitlines())} lines")


async def _played(url: str) -> None:
    async with open_desk(url) as desk:
        await play(desk)


def dumped_sqlite(url: str) -> str:
    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        return "\n".join(connection.iterdump())


def dumped_postgres(url: str) -> str:
    """As statements that any client can run: no COPY, no owner, and nothing of what only psql understands."""
    command = [binaries() / "pg_dump", "--inserts", "--no-owner", "--no-privileges", f"--dbname={_address(url)}"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("\\", "--")))


def restored_sqlite(kept: Path, folder: Path) -> str:
    path = folder / "kept.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(gzip.decompress(kept.read_bytes()).decode())
    return f"sqlite:///{path}"


def restored_postgres(kept: Path, url: str) -> None:
    with psycopg.connect(_address(url), autocommit=True) as connection:
        connection.execute(gzip.decompress(kept.read_bytes()))


def _address(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
