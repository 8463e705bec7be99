"""`deskbell report samples`: figures kept by day, checked against the records and made anew from them."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import say, say_json
from bot.cli.policy.deadline import zulu
from bot.settings import load_local

if TYPE_CHECKING:
    from bot.rules.report.periods import Period
    from storage.db.database import Database

SHOWN_MOST = 20


def samples(
    check: Annotated[
        bool, typer.Option("--check", help="Compare each day with the records; code 1 where one differs.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all of them anew from the records.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Say how far figures by day have come. A large desk has them, so that its reports read no incidents."""
    if check and rebuild:
        raise typer.BadParameter("--check looks, --rebuild makes anew: one after the other.")
    found = asyncio.run(_done(check=check, rebuild=rebuild))
    if as_json:
        say_json(found)
    else:
        for line in _lines(found):
            say(line)
    if found.get("differ"):
        raise typer.Exit(1)


async def _done(*, check: bool, rebuild: bool) -> dict[str, Any]:
    """Raises SchemaUnfit."""
    from bot.cli.database import opened, require
    from bot.usecases.report import sampling

    url = require(load_local().database_url.get_secret_value())
    async with opened(url) as database:
        if rebuild:
            await _made_anew(database)
        differ = await _differing(database) if check else None
        async with database.read(long=True) as tx:
            found = await sampling.standing(tx)
    told: dict[str, Any] = {
        "as_of": zulu(found.as_of) if found.as_of else None,
        "days": found.days,
        "moved": found.moved,
    }
    return told if differ is None else told | {"differ": [one.isoformat() for one in differ]}


async def _made_anew(database: "Database") -> None:
    from bot.usecases.report import sampling

    now = datetime.now(UTC)
    async with database.begin() as tx:
        windows, fact = await sampling.begin_anew(tx, now)
    with _bar(windows, "Making") as each:
        for window in each:
            async with database.read(long=True) as tx:
                days = await sampling.made_of(tx, window)
            async with database.begin() as tx:
                await sampling.keep(tx, days, reached=fact if window is windows[-1] else None, now=now)


async def _differing(database: "Database") -> list[date]:
    from bot.usecases.report import sampling

    found: list[date] = []
    async with database.read(long=True) as tx:
        windows, _ = await sampling.plan(tx, datetime.now(UTC))
    with _bar(windows, "Comparing") as each:
        for window in each:
            async with database.read(long=True) as tx:
                found += await sampling.differing(tx, window)
    return found


@contextmanager
def _bar(windows: "list[Period]", what: str) -> "Iterator[Iterator[Period]]":
    """Shown where somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield iter(bar.track(windows, description=what))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if found["as_of"] is None:
        yield "There are no samples. A small desk needs none; --rebuild makes them."
        return
    yield f"{found['days']} days are kept, as known at {found['as_of']}; {found['moved']} records have moved since."
    if "differ" in found:
        differ = found["differ"]
        yield (
            f"Not what the records say: {', '.join(differ[:SHOWN_MOST])}" if differ else "All are what the records say."
        )
        if differ:
            yield f"{len(differ)} days. Make them anew with: deskbell report samples --rebuild"
