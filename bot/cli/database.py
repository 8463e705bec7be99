"""The database that a command works on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.cli.output import say
from storage.db import schema
from storage.db.database import Database
from storage.db.urls import is_there


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Asks for no schema: for whoever has looked already."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def require(url: str) -> str:
    """For a command that works on what is there. Raises SchemaUnfit; a SQLite file that is not there is not made."""
    if not is_there(url):
        raise schema.SchemaUnfit("There is no database yet; the first start makes it. Is DESKBELL_DATABASE_URL right?")
    schema.require_fit(url)
    return url


def is_begun(url: str) -> bool:
    """Whether there is a desk to read. Where there is none, a sentence says so beside the answer, which is empty."""
    if is_there(url) and schema.current(url) is not None:
        return True
    say("There is no desk in this database yet, so nothing is known. Is DESKBELL_DATABASE_URL right?", error=True)
    return False


def ready(url: str) -> str:
    """For a command that may be the first: SQLite is brought up to date, as a start does. Raises SchemaUnfit."""
    if url.startswith("sqlite"):
        schema.migrate(url)
    else:
        schema.require_fit(url)
    return url
