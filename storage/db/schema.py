"""The schema's version: where a database stands, and how it is brought up to date.

Alembic's scripts lie inside the package, so that the wheel carries them and no alembic.ini is needed. Alembic itself is
imported only where there is something to migrate: a bot that serves for months need not hold its 12 MiB.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.db.urls import sync_url

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_MIGRATING = 0x6465736B
"""Key of PostgreSQL's advisory lock: of two replicas that start together, one migrates and one waits."""
LOCK_MS = 500
"""Milliseconds that a step waits for a table; PostgreSQL looks for deadlocks after a second."""
PATIENCE_SECONDS = 60.0
TURN_SECONDS = 0.2
"""After which somebody who would migrate asks again whether another is at it."""
IN_USE = (
    "The database is at {current}, and its tables were in use for a minute at a stretch. "
    "Run `deskbell migrate` again: it goes on from there."
)
_IN_USE = {"55P03", "40P01"}
"""PostgreSQL's codes for a lock that was not to be had, and for a deadlock."""


class Standing(StrEnum):
    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"
    SERVED = "ahead, and fit for this version too"


SENTENCES = {
    Standing.CURRENT: "The database's schema is current ({current}).",
    Standing.BEHIND: (
        "The database's schema is at {current}, and this Deskbell needs {head}: "
        "run `deskbell migrate`; replicas of the release before serve on meanwhile."
    ),
    Standing.AHEAD: (
        "The database's schema is at {current}, which this Deskbell (made for {head}) does not know: "
        "a newer one has migrated it. Start that version instead."
    ),
    Standing.SERVED: (
        "The database's schema is at {current}: a newer Deskbell than this one (made for {head}) has migrated it. "
        "This one may serve it still. Go on to the newer one when you can."
    ),
}


class SchemaUnfit(Exception):
    """The database's schema is not one that this version can serve; the message says which way to mend it."""


class Unreachable(SchemaUnfit):
    """The database cannot be opened; the message gives the driver's own reason."""


def migrate(url: str) -> None:
    """Bring the database to this version's schema; harmless when it is there already, or further on and still fit.

    Raises SchemaUnfit when a newer version has taken something away, Unreachable when it cannot be opened.
    """
    if make_url(url).get_backend_name() == "postgresql" and current(url) is not None:
        _migrate_at_work(url)
        return
    with opened(url) as connection:
        if _must_move(connection):
            _upgrade(connection)


def check(url: str) -> str:
    """One sentence on where the database stands."""
    with _looked_into(url) as connection:
        return _sentence(connection)


def stands(url: str) -> Standing:
    with _looked_into(url) as connection:
        return standing(connection)


def require_fit(url: str) -> None:
    """Raises SchemaUnfit when the database is behind this version, or so far ahead that it cannot serve it."""
    with _looked_into(url) as connection:
        if _must_move(connection):
            raise SchemaUnfit(_sentence(connection))


def current(url: str) -> str | None:
    """The revision that the database stands at; None when it has never been migrated."""
    with _looked_into(url) as connection:
        return _revision(connection)


def head() -> str:
    """The revision that this version needs."""
    if not (found := _numbers()):
        raise SchemaUnfit(f"No migration scripts were found under {MIGRATIONS.name}/: reinstall Deskbell.")
    return max(found)


def is_newer(revision: str | None) -> bool:
    """Whether a later version than this made it."""
    return revision is not None and revision not in _numbers()


def standing(connection: Connection) -> Standing:
    revision = _revision(connection)
    if revision == head():
        return Standing.CURRENT
    if not is_newer(revision):
        return Standing.BEHIND
    oldest = _oldest(connection)
    return Standing.SERVED if oldest is not None and oldest <= head() else Standing.AHEAD


def _sentence(connection: Connection) -> str:
    at = _revision(connection) or "nothing yet"
    return SENTENCES[standing(connection)].format(current=at, head=head())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _oldest(connection: Connection) -> str | None:
    """The schema of the oldest release that may serve this one (`storage/migrations/fit_for.py`)."""
    if "oldest_release" not in {column["name"] for column in inspect(connection).get_columns("alembic_version")}:
        return None
    return connection.execute(text("SELECT oldest_release FROM alembic_version")).scalar()


def _numbers() -> set[str]:
    """Revisions are numbered one after another, and their scripts begin with their number."""
    return {script.name.partition("_")[0] for script in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _must_move(connection: Connection) -> bool:
    """Raises SchemaUnfit when a newer version has migrated it further than this one can serve."""
    at = standing(connection)
    if at is Standing.AHEAD:
        raise SchemaUnfit(_sentence(connection))
    if at is Standing.SERVED:
        log.warning("%s", _sentence(connection))
    return at is Standing.BEHIND


def _migrate_at_work(url: str) -> None:
    """A step a transaction, each of which gives way to whoever is at work: the release before serves meanwhile.

    Whoever wants what a waiting step wants waits behind it. So it waits for less than PostgreSQL takes to look for
    deadlocks, lets everybody pass, and tries again; an index, behind which nobody waits, waits that minute through.
    Raises SchemaUnfit where it finds no instant in a minute.
    """
    with _engine(url) as engine, _reached(engine) as connection:
        while not _has_turn(connection, "pg_try_advisory_lock"):
            connection.rollback()
            sleep(TURN_SECONDS)
        stuck_at: str | None = None
        until = 0.0
        while _must_move(connection):
            connection.execute(text(f"SET lock_timeout = {LOCK_MS}"))
            connection.commit()  # else the steps would be one transaction
            try:
                _upgrade(connection)
            except DBAPIError as fault:
                if getattr(fault.orig, "sqlstate", None) not in _IN_USE:
                    raise
                connection.rollback()
                if (at := _revision(connection)) != stuck_at:
                    # What steps before it took is nobody's waiting.
                    stuck_at, until = at, monotonic() + PATIENCE_SECONDS
                connection.commit()
                if monotonic() >= until:
                    raise SchemaUnfit(IN_USE.format(current=at)) from fault
                sleep(LOCK_MS / 1000)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """One transaction that holds the right to migrate; commits on leaving."""
    with _engine(url) as engine, _reached(engine) as connection:
        while True:
            with connection.begin():
                if _has_turn(connection, "pg_try_advisory_xact_lock"):
                    yield connection
                    return
            sleep(TURN_SECONDS)


@contextmanager
def _looked_into(url: str) -> Iterator[Connection]:
    """For a look at where it stands, whoever may be migrating it."""
    with _engine(url) as engine, _reached(engine) as connection, connection.begin():
        yield connection


def _has_turn(connection: Connection, lock: str) -> bool:
    """Nobody waits for it inside of a transaction: an index that is made at work waits for each to end."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(text(f"SELECT {lock}(:key)"), {"key": _MIGRATING}).scalar())


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    parsed: URL = sync_url(make_url(url))
    engine = create_engine(parsed, poolclass=NullPool)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _no_implicit_begin)
        event.listen(engine, "begin", _begin_immediate)
    try:
        yield engine
    finally:
        engine.dispose()


def _reached(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as fault:
        where = engine.url.render_as_string(hide_password=True)
        raise Unreachable(f"The database {where} cannot be opened: {str(fault.orig).strip()}") from fault


def _no_implicit_begin(dbapi_connection: object, _record: object) -> None:
    dbapi_connection.isolation_level = None  # type: ignore[attr-defined]


def _begin_immediate(connection: Connection) -> None:
    """SQLite's DDL rolls back like any statement once the driver does not begin and commit by itself."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
