"""Fresh, migrated databases for tests: a copied file on SQLite, a database made from a template on PostgreSQL.

A pytest plugin, which tests/conftest.py imports. It gives `database_url` (each test runs on both
databases), `sqlite_url` and `postgres_url`. PostgreSQL is the server that DESKBELL_TEST_POSTGRES_URL names, or else a
private one that is started for the session and stopped at its end.
"""

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import psycopg
import pytest
from sqlalchemy import make_url, text

from storage.db import prepared, schema
from storage.db.database import Database

SERVER_VARIABLE = "DESKBELL_TEST_POSTGRES_URL"
ABSENT = f"PostgreSQL was not found: apt-get install postgresql, or name a server in {SERVER_VARIABLE}."
_FAST = (
    "fsync=off",
    "jit=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "shared_buffers=32MB",
    "wal_level=minimal",
    "max_wal_senders=0",
)
_MEMORY = Path("/dev/shm")  # noqa: S108
_ROOM = 1 << 30
_START_SECONDS = 30
_WAL_INDEX_HEADER = 48
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """With `--every-road`, in CI, all goes the short way from its first time on: elsewhere few statements of a test
    are run so often that they become constants, as nearly all do in a desk at work."""
    if config.getoption("every_road"):
        prepared.CONSTANT = 1


@pytest.fixture
def sqlite() -> Iterator["Sqlite"]:
    with folder() as made:
        yield Sqlite(made)


@pytest.fixture
def sqlite_url(sqlite: "Sqlite") -> str:
    return sqlite.fresh()


@pytest.fixture
def postgres_url(postgres: "Postgres") -> Iterator[str]:
    url = postgres.fresh()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        with closing(Postgres(given)) as server:
            yield server
        return
    with private_server() as url, closing(Postgres(_by_file(url))) as server:
        yield server


def _by_file(url: str) -> str:
    """The same server by its socket in a folder, which costs less processor than TCP."""
    with psycopg.connect(url) as connection:
        [where] = connection.execute("SHOW unix_socket_directories").fetchone() or [""]
    return make_url(url).set(host="", query={"host": where}).render_as_string(hide_password=False)


@contextmanager
def folder() -> Iterator[Path]:
    """In memory where there is room: a commit waits for the disc, and a story commits some hundred times."""
    with tempfile.TemporaryDirectory(prefix="deskbell-sqlite-", dir=_where()) as made:
        yield Path(made)


def fresh_sqlite(where: Path) -> str:
    """The URL of a new migrated file in the folder."""
    return Sqlite(where).fresh()


@dataclass
class Sqlite:
    """A folder for files, all copies of a template: of a migrated one, or of one that was kept."""

    folder: Path

    def fresh(self, template: bytes | None = None) -> str:
        path = self.folder / f"deskbell-{next(_numbers)}.db"
        path.write_bytes(template or _migrated_file())
        return f"sqlite:///{path}"

    def keep(self, url: str) -> bytes:
        """As a template for others. Nobody may have it open: then all of it is in the one file."""
        path = Path(str(make_url(url).database))
        assert not path.with_name(f"{path.name}-wal").exists(), "somebody has it open"
        return path.read_bytes()

    def drop(self, url: str) -> None:
        Path(str(make_url(url).database)).unlink()


@cache
def _migrated_file() -> bytes:
    """In WAL mode from birth, so that no test pays for the switch."""
    with folder() as made:
        path = made / "template.db"
        schema.migrate(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        return path.read_bytes()


@dataclass
class Postgres:
    """A server and its migrated template."""

    server: str
    template: str | None = None
    templates: list[str] = field(default_factory=list)
    """Dropped at the end: the server may be one that stays."""

    def fresh(self, template: str | None = None) -> str:
        """The URL of a new migrated database, or of a copy of one that was kept."""
        if self.template is None:
            self.template = self.keep(self.empty())
            schema.migrate(self.template)
            # The first to connect writes down what PostgreSQL keeps in memory of the catalog, and copies have it.
            psycopg.connect(self._address(self.template)).close()
        return self.empty(template=make_url(template or self.template).database)

    def keep(self, url: str) -> str:
        """As a template for others. Nobody may be connected to it."""
        self.templates.append(url)
        return url

    def empty(self, template: str | None = None) -> str:
        name = f"deskbell_test_{os.getpid()}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}" STRATEGY FILE_COPY')
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        for one in self.templates:
            self.drop(one)
        if "_connection" in vars(self):
            self._connection.close()

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)

    @cached_property
    def _connection(self) -> "psycopg.Connection[Any]":
        """One for all that is made and dropped: the server starts a process for each."""
        return psycopg.connect(self._address(self.server), autocommit=True)

    @staticmethod
    def _address(url: str) -> str:
        return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


T = TypeVar("T")
Fill = Callable[[Database], Awaitable[T]]
_filled: dict[tuple[type, Fill[Any]], tuple[Any, Any]] = {}


async def filled(server: Sqlite | Postgres, fill: Fill[T]) -> tuple[str, T]:
    """The URL of a new database with what this puts into it, and what it returned: it does so once in this process for
    each kind of database, and all others are copies."""
    kind = type(server), fill
    if kind not in _filled:
        url = server.fresh()
        database = Database(url)
        made = await fill(database)
        await database.close()
        _filled[kind] = server.keep(url), made
    template, made = _filled[kind]
    return server.fresh(template), made


async def last_write(database: Database) -> object:
    """A value that changes with each write transaction, whichever process it is of."""
    if database.path is not None:
        return _wal_index(Path(f"{database.path}-shm"))
    async with database.read() as tx:
        return await tx.scalar(text("SELECT pg_current_wal_insert_lsn()"))


def _wal_index(file: Path) -> object:
    """Its header counts transactions. Where nobody has the database open there is none: then nothing is known."""
    try:
        with file.open("rb") as index:
            return index.read(_WAL_INDEX_HEADER)
    except FileNotFoundError:
        return object()


@contextmanager
def private_server(*more: str) -> Iterator[str]:
    """A cluster of our own on a free port, kept for the session only, with `more` settings.

    Skips where PostgreSQL is not installed.
    """
    programs, user = binaries(), _user()
    home = Path(tempfile.mkdtemp(prefix="deskbell-postgres-", dir=_where()))
    if user is not None:
        shutil.chown(home, user, user)
    data, port = home / "data", free_port()
    try:
        _as(user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        settings = [part for setting in (*_FAST, *more) for part in ("-c", setting)]
        where = ["-D", str(data), "-k", str(home), "-h", "127.0.0.1", "-p", str(port)]
        with (home / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", *where, *settings], stdout=log, stderr=log, **_identity(user)
            )
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait_for(url, server)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=_START_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _where() -> Path | None:
    """In memory where there is room for it: a database is made and dropped for each test, ten times as fast there."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return None


def binaries() -> Path:
    """Where PostgreSQL keeps initdb, postgres and pg_dump. Skips where it is not installed."""
    return _installed() or _absent(ABSENT)


def postgres_is_here() -> bool:
    """Whether tests may ask for it. In CI they do: there its absence is a fault."""
    return bool(os.environ.get(SERVER_VARIABLE) or os.environ.get("CI") == "true" or _installed())


@cache
def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _user() -> str | None:
    """PostgreSQL will not run as root: then it runs as the user that its package made."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        _absent(f"PostgreSQL refuses to run as root, and there is no user postgres. {ABSENT}")


def _absent(sentence: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _identity(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _as(user: str | None, *command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd="/", **_identity(user))
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stderr}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]", seconds: float = _START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
