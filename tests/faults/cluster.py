"""A PostgreSQL server of a run's own that can be crashed: what was committed must be there afterwards."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import databases
import psycopg
from sqlalchemy import make_url

from storage.db import schema

# fsync keeps what a machine loses that loses its power; a server that is killed loses nothing of what it wrote.
DURABLE = ("fsync=off", "synchronous_commit=on", "shared_buffers=64MB", "max_connections=200", "wal_level=minimal",
           "max_wal_senders=0")  # fmt: skip
RECOVERY_SECONDS = 120
"""A server that crashed reads what it had not written out; on a busy machine that took more than 30."""

WITNESS = """
ALTER TABLE outbox ADD COLUMN written_in xid8 DEFAULT pg_current_xact_id(), ADD COLUMN taken_in pg_snapshot;
ALTER TABLE lane ADD COLUMN leased_in pg_snapshot;
CREATE FUNCTION see_lease() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.leased_in := pg_current_snapshot(); RETURN NEW; END $$;
CREATE TRIGGER see_lease BEFORE UPDATE OF fence ON lane FOR EACH ROW EXECUTE FUNCTION see_lease();
CREATE FUNCTION see_take() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.taken_in := (SELECT leased_in FROM lane WHERE name = NEW.lane); RETURN NEW; END $$;
CREATE TRIGGER see_take BEFORE UPDATE OF first_attempt_at ON outbox FOR EACH ROW
  WHEN (OLD.first_attempt_at IS NULL) EXECUTE FUNCTION see_take();
"""
"""Which rows could be seen when one was taken: so it can be told what was overtaken from what came later."""


@dataclass
class Cluster:
    home: Path
    port: int
    user: str | None
    binaries: Path
    log: IO[str]
    process: "subprocess.Popen[bytes] | None" = None
    databases: int = 0

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = [part for one in DURABLE for part in ("-c", one)]
        where = ["-D", str(self.home / "data"), "-k", str(self.home), "-h", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [self.binaries / "postgres", *where, *options], stdout=self.log, stderr=self.log,
            **databases._identity(self.user),
        )  # fmt: skip
        databases._wait_for(self.url, self.process, RECOVERY_SECONDS)

    def end(self, how: signal.Signals) -> None:
        """SIGQUIT: `-m immediate`, which is a crash. SIGINT: `-m fast`."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(timeout=30)

    def crash(self) -> None:
        self.end(signal.SIGQUIT)
        self.start()

    def database(self, migrate: Callable[[str], None] = schema.migrate) -> str:
        """The URL of a new, migrated database with witnesses in it."""
        self.databases += 1
        name = f"faults_{self.databases}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = make_url(self.url).set(database=name).render_as_string(hide_password=False)
        migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute(WITNESS)
        return url

    def drop(self, url: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


@contextmanager
def cluster() -> Iterator[Cluster]:
    binaries, user = databases.binaries(), databases._user()
    home = Path(tempfile.mkdtemp(prefix="deskbell-faults-", dir=databases._where()))
    if user is not None:
        shutil.chown(home, user, user)
    databases._as(
        user, binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale",
        "-N",
    )  # fmt: skip
    try:
        with (home / "log").open("w") as log:
            found = Cluster(home, databases.free_port(), user, binaries, log)
            found.start()
            try:
                yield found
            finally:
                found.end(signal.SIGINT)
    finally:
        shutil.rmtree(home, ignore_errors=True)
