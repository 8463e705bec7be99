"""`deskbell export`: records as a file, for whoever has the database. Who exported what is a fact."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from bot.cli.output import say
from bot.settings import load_local

if TYPE_CHECKING:
    from bot.rules.report.export import Format
    from storage.report.export import Wanted

TOLD_EVERY = 500


def export(
    what: Annotated[str, typer.Argument(help="incidents, changes, problems, requests, actions, surveys or facts.")],
    begin: Annotated[
        str | None, typer.Option("--from", help="A date (its midnight) or an instant; all before.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="The same; this instant is left out.")] = None,
    zone: Annotated[str, typer.Option(help="By whose clocks dates are read.")] = "UTC",
    kind: Annotated[str, typer.Option("--format", help="csv, xlsx or jsonl.")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", help="A file that is not there yet; else it is printed.")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, for Excel.")] = False,
    private: Annotated[bool, typer.Option("--private", help="Private records too.")] = False,
) -> None:
    """Export records of a time by when they were opened. Cells that a spreadsheet would run are made harmless."""
    from bot.cli.reports.report import period_named
    from bot.rules.record.refusals import Refusal
    from bot.usecases.report import exports

    try:
        wanted_format = exports.format_named(kind)
        period = period_named(begin or "1970-01-01", end or "9999-12-30", zone) if begin or end else None
        wanted = exports.of_all(exports.what_named(what), period, private=private)
    except (typer.BadParameter, Refusal) as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    with _file(out, wanted_format) as file:
        rows = asyncio.run(_written(wanted, wanted_format, file, bom=bom, private=private))
    say(f"{rows} {wanted.what} exported." if rows != 1 else f"1 of {wanted.what} exported.", error=True)


@contextmanager
def _file(out: Path | None, kind: "Format") -> Iterator[IO[bytes]]:
    if out is None:
        if kind == "xlsx" and sys.stdout.isatty():
            say("An XLSX file is no text to be printed; name a file with --out.", error=True)
            raise typer.Exit(1)
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = out.open("xb")
    except FileExistsError:
        say(f"{out} is there already; name another file.", error=True)
        raise typer.Exit(1) from None
    except OSError as fault:
        say(f"{out} cannot be written: {fault.strerror}.", error=True)
        raise typer.Exit(1) from None
    try:
        with file:
            yield file
    except BaseException:
        out.unlink()  # half a file looks like a whole one
        raise


async def _written(wanted: "Wanted", kind: "Format", file: IO[bytes], *, bom: bool, private: bool) -> int:
    """Raises SchemaUnfit."""
    from bot.cli.database import require
    from bot.cli.transaction import desk
    from bot.rules.record.facts import OPERATOR
    from bot.usecases.report import exports
    from storage.report.export import bounded, count

    settings, now = load_local(), datetime.now(UTC)
    require(settings.database_url.get_secret_value())
    async with desk(settings) as database:
        async with database.begin() as tx:
            # On record first: what was read cannot be unread, whether or not the file comes to its end.
            wanted = await bounded(tx, wanted)
            rows = await count(tx, wanted)
            await exports.noted(tx, wanted.what, kind, wanted.period, rows, by=OPERATOR, now=now, private=private)
        async with database.read(long=True) as tx:
            with _progress(f"{wanted.what}", rows) as told:
                return await exports.write(tx, wanted, kind, file, bom=bom, told=told)


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar beside the file, where somebody watches."""
    from rich.console import Console
    from rich.progress import Progress

    written = 0
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(name, total=total)

        def told() -> None:
            nonlocal written
            written += 1
            if written % TOLD_EVERY == 0 or written == total:
                bar.update(task, completed=written)

        yield told
