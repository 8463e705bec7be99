"""A command's work in one transaction of its database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.output import say
from bot.rules.record.refusals import FormRefused, Refusal
from bot.settings import LocalSettings, load_local

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from storage.db.database import Database

T = TypeVar("T")
MOST_NUMBER = 2**63 - 1
"""Larger numbers no row of a database can have, and SQLite cannot even look for them."""


def run(work: "Callable[[AsyncSession, datetime], Awaitable[T]]", *, writes: bool = False) -> T:
    """What the work returns. A refusal is said, and ends the command with code 1. Raises SchemaUnfit, PolicyFaults."""
    try:
        return asyncio.run(in_transaction(work, writes=writes))
    except Refusal as refused:
        said = " ".join(refused.faults.values()) if isinstance(refused, FormRefused) else refused.sentence
        say(said, error=True)
        raise typer.Exit(1) from None


async def in_transaction(work: "Callable[[AsyncSession, datetime], Awaitable[T]]", *, writes: bool) -> T:
    """Writing may be the first thing done to a database. Raises SchemaUnfit, and what the work raises."""
    settings = load_local()
    if writes:
        async with desk(settings) as database, database.begin() as tx:
            return await work(tx, datetime.now(UTC))
    from bot.cli.database import opened, require

    url = require(settings.database_url.get_secret_value())
    async with opened(url) as database, database.read() as tx:
        return await work(tx, datetime.now(UTC))


@asynccontextmanager
async def desk(settings: LocalSettings) -> "AsyncIterator[Database]":
    """The database at this version's schema, with the policy in force that the next start puts there: whichever command
    writes first, it decides by the same rules as the bot. Raises SchemaUnfit, PolicyFaults."""
    from bot import policy_files
    from bot.cli.database import opened, ready
    from bot.rules.record.facts import OPERATOR
    from bot.usecases import policy as desk_policy

    given = policy_files.load(settings.policy) if settings.policy else None
    async with opened(ready(settings.database_url.get_secret_value())) as database:
        async with database.begin() as tx:
            await desk_policy.begin(tx, given, by=OPERATOR, now=datetime.now(UTC))
        yield database
