"""A command's work in one transaction of its database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.output import say
from bot.rules.record.refusals import FormRefused, Refusal
from bot.settings import load_local

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    Work = Callable[[AsyncSession, datetime], Awaitable[Any]]


def run(work: "Work", *, writes: bool = False) -> Any:
    """What the work returns. A refusal is said, and ends the command with code 1. Raises SchemaUnfit."""
    try:
        return asyncio.run(in_transaction(work, writes=writes))
    except Refusal as refused:
        said = " ".join(refused.faults.values()) if isinstance(refused, FormRefused) else refused.sentence
        say(said, error=True)
        raise typer.Exit(1) from None


async def in_transaction(work: "Work", *, writes: bool) -> Any:
    """Writing may be the first thing done to a database. Raises SchemaUnfit, and what the work raises."""
    from bot import policy_files
    from bot.cli.database import opened, ready, require
    from bot.rules.policy.policy import parse
    from bot.usecases import policy as desk_policy

    settings, now = load_local(), datetime.now(UTC)
    url = settings.database_url.get_secret_value()
    if not writes:
        async with opened(require(url)) as database, database.read() as tx:
            return await work(tx, now)
    ready(url)
    policy = policy_files.load(settings.policy) if settings.policy else parse("")
    async with opened(url) as database, database.begin() as tx:
        await desk_policy.ensure(tx, policy, now=now)
        return await work(tx, now)
