"""A SQLite database copied while it is in use, and put back: nothing half-written, nothing overwritten unasked."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from storage.db import schema

BESIDE = ("", "-wal", "-shm")
"""SQLite keeps what was written last in files beside the database."""


class NotDone(Exception):
    """The copy was not made, or not put back; the message says why and what to do."""


@dataclass(frozen=True)
class Copy:
    bytes: int
    revision: str | None
    """The schema's; None of a database that was never migrated."""
    facts: int
    """In the journal."""


def backup(database: Path, file: Path, *, force: bool) -> Copy:
    """Copies a database that may be in use, as it stands at one instant. Raises NotDone."""
    if not database.is_file():
        raise NotDone(f"There is no database at {database}. Is DESKBELL_DATABASE_URL right?")
    if file.exists() and (not file.is_file() or file.samefile(database)):
        raise NotDone(f"{file} is the database itself, a folder or a device. Name another file.")
    if file.exists() and not force:
        raise NotDone(f"{file} is there already. Name another file, or add --force to replace it.")
    with _whole_or_not_at_all(file) as fresh:
        return _copied(database, fresh)


def restore(database: Path, file: Path, now: datetime, *, force: bool) -> tuple[Copy, Path | None]:
    """Puts a copy in the database's place; what stood there is kept beside it, and where. Raises NotDone."""
    if not file.is_file():
        raise NotDone(f"There is no file {file}.")
    if database.exists() and not force:
        raise NotDone(f"{database} is there already. Add --force to put the copy in its place; it is kept beside it.")
    with _whole_or_not_at_all(database) as fresh:
        copy = _copied(file, fresh)
        if schema.is_newer(copy.revision):
            raise NotDone(
                f"{file} was made by a newer Deskbell (its schema is {copy.revision}). Install that one first."
            )
        _require_unused(database)
        return copy, _put_aside(database, now)


@contextmanager
def _whole_or_not_at_all(file: Path) -> Iterator[Path]:
    """A file beside it that takes its name once it is written and on the disc."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        fresh.touch(mode=0o600, exist_ok=False)
        yield fresh
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(file)
    except OSError as fault:
        raise NotDone(f"{file} cannot be written: {fault.strerror or fault}.") from None
    finally:
        for ending in BESIDE:
            Path(f"{fresh}{ending}").unlink(missing_ok=True)


def _copied(source: Path, fresh: Path) -> Copy:
    """All pages in one go: step by step it would begin anew whenever somebody writes. Raises NotDone."""
    try:
        with closing(_opened(source, "ro")) as old, closing(_opened(fresh, "rw")) as new:
            old.backup(new)
            # One file, with nothing beside it: so a copy can be moved about.
            new.execute("PRAGMA journal_mode=DELETE")
            return _sound(new, fresh)
    except sqlite3.Error as fault:
        raise NotDone(f"{source} cannot be read as Deskbell's database: {fault}.") from None


def _sound(copy: sqlite3.Connection, file: Path) -> Copy:
    (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise NotDone(f"The copy is damaged ({found}), so it was thrown away. Is the disc well?")
    (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    (facts,) = copy.execute("SELECT count(*) FROM fact").fetchone()
    return Copy(file.stat().st_size, revision, facts)


def _require_unused(database: Path) -> None:
    """SQLite leaves its log's mode only where nobody else has the database open. Raises NotDone."""
    if not database.exists():
        return
    try:
        with closing(_opened(database, "rw")) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as fault:
        if "locked" not in str(fault):
            raise NotDone(f"{database} cannot be looked at: {fault}. Move it away by hand.") from None
        mode = "wal"
    except sqlite3.DatabaseError:
        return  # damaged, which is why it is replaced
    if mode == "wal":
        raise NotDone(f"{database} is in use. Stop Deskbell first, and whatever else has it open.")


def _put_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
    for ending in BESIDE:
        part = Path(f"{database}{ending}")
        if part.exists():
            part.rename(f"{kept}{ending}")
    return kept


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode={mode}", uri=True, timeout=2)
