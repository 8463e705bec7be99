"""`deskbell backup FILE` and `deskbell restore FILE`."""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import say
from bot.settings import load_local

if TYPE_CHECKING:
    from sqlalchemy import URL

    from storage.db.backup import Copy

To = Annotated[Path, typer.Argument(help="The file to write.")]
From = Annotated[Path, typer.Argument(help="A file that `deskbell backup` wrote.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def backup(file: To, force: Force = False) -> None:
    """Copy a SQLite database into a file, while Deskbell serves; with PostgreSQL, print the command that does."""
    from storage.db import backup as copying

    database = _sqlite_file("pg_dump --format=custom --no-owner --file={file} {url}", file)
    say(f"{_told(copying.backup(database, file, force=force))} in {file}.")


def restore(file: From, force: Force = False) -> None:
    """Put a copy in the database's place, while Deskbell is stopped; with PostgreSQL, print the command that does."""
    from storage.db import backup as copying

    command = "pg_restore --clean --if-exists --no-owner --single-transaction --dbname={url} {file}"
    database = _sqlite_file(command, file)
    copy, kept = copying.restore(database, file, datetime.now(UTC), force=force)
    say(f"{_told(copy)}: {database} is what {file} was.")
    if kept is not None:
        say(f"What stood there before is kept as {kept}.")
    say("Slack keeps what was said since then: a reminder that rang after the copy was made may ring once more.")


def _told(copy: "Copy") -> str:
    return f"{copy.bytes / 1024 / 1024:.1f} MiB, sound, with {copy.facts:,} facts and schema {copy.revision}"


def _sqlite_file(command: str, file: Path) -> Path:
    """Raises Exit with the command to use instead, on PostgreSQL."""
    from sqlalchemy import make_url

    from storage.db.urls import sync_url

    address = sync_url(make_url(load_local().database_url.get_secret_value()))
    if address.get_backend_name() == "sqlite":
        return Path(address.database or "")
    say("PostgreSQL has its own tools for this, which work while Deskbell serves. Run:", error=True)
    say("  " + command.format(file=shlex.quote(str(file)), url=shlex.quote(_without_password(address))), error=True)
    say("They ask for the password, or take it from PGPASSWORD or ~/.pgpass. docs/operate.md says more.", error=True)
    raise typer.Exit(1)


def _without_password(address: "URL") -> str:
    from sqlalchemy import URL

    # URL.set would take password=None for “as it is”.
    bare = URL.create("postgresql", address.username, None, address.host, address.port, address.database, address.query)
    return bare.render_as_string(hide_password=False)
