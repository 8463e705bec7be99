"""`deskbell trends replay`: what the rules of trends would have found in what happened."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import say, say_json
from bot.cli.policy.policy import checked
from bot.rules.problem.trends import Trend
from bot.settings import LocalSettings, load_local

app = typer.Typer(no_args_is_help=True, help="What comes more often than it used to.")


@app.callback()
def _several() -> None:
    """There will be more than one command."""


@app.command()
def replay(
    since: Annotated[str, typer.Option("--since", help="The day to begin with, like 2026-03-01.")],
    file: Annotated[
        Path | None, typer.Option("--policy", help="A policy file or a folder; the policy in force if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Print each trend as it would have been proposed: rule, cluster, count, expected, records. Changes nothing."""
    from bot.cli.policy.replay import day_of

    try:
        begin = day_of(since)
    except typer.BadParameter as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    found = asyncio.run(_found(load_local(), file, begin))
    if as_json:
        say_json([_as_dict(one) for one in found])
        return
    for one in found:
        say(f"{one.rule}  {one.cluster}: {one.says}\n  {' '.join(one.records)}")
    say(f"{len(found)} {'trend' if len(found) == 1 else 'trends'}.")


async def _found(settings: LocalSettings, file: Path | None, since: datetime) -> Sequence[Trend]:
    """Raises SchemaUnfit."""
    from bot.cli.database import opened, require
    from bot.usecases.policy import in_force
    from bot.usecases.problem import trends

    url = settings.database_url.get_secret_value()
    require(url)
    async with opened(url) as database, database.read() as tx:
        policy = checked(file) if file else (await in_force(tx)).policy
        return await trends.replayed(tx, policy, since, datetime.now(UTC))


def _as_dict(one: Trend) -> dict[str, object]:
    return {
        "rule": one.rule,
        "cluster": one.cluster,
        "count": one.count,
        "expected": round(one.expected, 3),
        "days": one.within.days,
        "records": list(one.records),
    }
