"""`deskbell ci import | export | impact | baseline | diff`: configuration items, without Slack."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import say, say_json
from bot.cli.transaction import desk
from bot.rules.configuration_item.readers.files import Format
from bot.rules.configuration_item.readers.rows import MOST_BYTES
from bot.rules.record.facts import OPERATOR
from bot.rules.record.refusals import Refusal
from bot.settings import LocalSettings, load_local

if TYPE_CHECKING:
    from bot.usecases.configuration_item.baselines import Baseline, Differences
    from bot.usecases.configuration_item.impacts import Answer
    from bot.usecases.configuration_item.imports import Kept, Read

app = typer.Typer(no_args_is_help=True, help="Configuration items: import them, export them, ask what fails with one.")
SHOW_PROGRESS = 2000
"""Rows from which on a bar is shown, where somebody looks."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="The file. Not needed with --apply.")] = None,
    source: Annotated[str | None, typer.Option(help="A source of the policy (`ci_sources`), by its key.")] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="By the file's name and beginning, if left out.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what the file would change; change nothing.")] = False,
    apply: Annotated[str | None, typer.Option(metavar="PLAN", help="Do what a plan says, by its id.")] = None,
    really: Annotated[bool, typer.Option("--really", help="Retire what is gone, however many that are.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan what a file would change, and then apply the plan. Nothing is ever deleted."""
    if plan and apply is not None:
        raise typer.BadParameter("--plan and --apply are two steps: first the one, then the other.")
    if apply is not None:
        _print_applied(_run(_apply(load_local(), apply)), as_json=as_json)
        return
    if file is None or source is None:
        raise typer.BadParameter("Name a file and its source: deskbell ci import FILE --source NAME --plan.")
    from bot.usecases.configuration_item.imports import Read

    read = Read(_bytes(file), file.name, source, format_, really)
    kept = _run(_plan(load_local(), read))
    if as_json:
        say_json(kept.as_dict())
        return
    _print_plan(kept)


@app.command()
def export(
    format_: Annotated[Format, typer.Option("--format", help="csv or json.")] = Format.CSV,
) -> None:
    """Print all items as a file that imports back unchanged."""
    if format_ not in (Format.CSV, Format.JSON):
        raise typer.BadParameter("--format is csv or json.")
    for part in _run(_export(load_local(), format_)):
        sys.stdout.write(part)


@app.command()
def impact(
    key: Annotated[str, typer.Argument(help="An item: by its key, its name, or like CI-12.")],
    depth: Annotated[int | None, typer.Option(min=1, help="Go so many relations far; to the end if left out.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Paint it into this file, as PNG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is down, degraded or safe where an item fails, and why."""
    found = _run(_impact(load_local(), key, depth))
    if picture is not None:
        _paint(found, picture)
    if as_json:
        say_json(found.as_dict())
        return
    for line in _impact_lines(found):
        say(line)


@app.command()
def baseline(name: Annotated[str, typer.Argument(help="What it is called.")]) -> None:
    """Keep how everything stands, so that `diff` can say what differs later."""
    kept = _run(_keep_baseline(load_local(), name))
    say(f"The baseline “{kept.name}” is kept: {kept.count} items, SHA-256 {kept.digest}.")


@app.command()
def diff(
    baseline: Annotated[str, typer.Argument(help="Its name, as `/ci baselines` lists them.")],
    as_json: AsJson = False,
) -> None:
    """Say what was added, retired and changed since a baseline was kept."""
    found: Differences = _run(_diff(load_local(), baseline))
    if as_json:
        say_json(found.as_dict())
        return
    for line in found.lines():
        say(line)


def _run(work: Any) -> Any:
    """What it answers; a refusal ends the command with its sentence."""
    try:
        return asyncio.run(work)
    except Refusal as refused:
        say(str(refused), error=True)
        raise typer.Exit(1) from None


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as fault:
        say(f"{file} cannot be read: {fault.strerror}.", error=True)
        raise typer.Exit(1) from None


async def _plan(settings: LocalSettings, read: "Read") -> "Kept":
    from bot.usecases.configuration_item import imports

    now = datetime.now(UTC)
    async with desk(settings) as database:
        async with database.begin() as tx:
            prepared = await imports.prepare(tx, read.source, now)
        rows = read.data.count(b"\n")
        with _progress("Judging", rows) as moved:
            plan = imports.judge(read, prepared, lambda: moved(1))
        async with database.begin() as tx:
            return await imports.keep(tx, read, plan, prepared, by=OPERATOR, now=now)


async def _apply(settings: LocalSettings, plan_id: str) -> dict[str, Any]:
    from bot.usecases.configuration_item import imports
    from storage.configuration_item import plans

    async with desk(settings) as database:
        async with database.read() as tx:
            known = await plans.get(tx, plan_id)
        said = plans.summary(known) if known else {}
        with _progress("Writing", sum(int(said.get(one, 0)) for one in ("created", "changed", "retired"))) as moved:
            async with database.begin() as tx:
                return dict(await imports.apply(tx, plan_id, by=OPERATOR, now=datetime.now(UTC), tick=moved))


async def _export(settings: LocalSettings, format_: Format) -> Iterator[str]:
    from bot.rules.configuration_item import export as exporting
    from bot.usecases.configuration_item import every_item

    async with desk(settings) as database, database.read(long=True) as tx:
        every = await every_item.read(tx)
    written = exporting.as_csv if format_ is Format.CSV else exporting.as_json
    return written(every.items, every.schema, every.store)


async def _impact(settings: LocalSettings, key: str, depth: int | None) -> "Answer":
    from bot.usecases.configuration_item import access, impacts, services
    from bot.usecases.policy import in_force

    async with desk(settings) as database:
        async with database.begin() as tx:
            current = await in_force(tx)
            await services.follow(tx, current.policy, current.version, datetime.now(UTC))
        async with database.read(long=True) as tx:
            viewer = await access.viewer_of(tx, OPERATOR)
            item = await impacts.meant(tx, key, viewer)
            return await impacts.of_items(tx, [item.number], current.policy, viewer, depth)


async def _keep_baseline(settings: LocalSettings, name: str) -> "Baseline":
    from bot.usecases.configuration_item import baselines

    async with desk(settings) as database, database.begin() as tx:
        return await baselines.keep(tx, name, by=OPERATOR, now=datetime.now(UTC))


async def _diff(settings: LocalSettings, baseline: str) -> "Differences":
    from bot.usecases.configuration_item import baselines

    async with desk(settings) as database, database.read(long=True) as tx:
        return await baselines.diff(tx, baseline, OPERATOR)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar, where there is much to do and somebody looks."""
    if total < SHOW_PROGRESS or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)


def _paint(found: "Answer", file: Path) -> None:
    from handlers.configuration_item import picture

    try:
        file.write_bytes(picture.png(found.diagram()))
    except OSError as fault:
        say(f"{file} cannot be written: {fault.strerror}.", error=True)
        raise typer.Exit(1) from None


def _print_plan(kept: "Kept") -> None:
    from bot.rules.configuration_item import plan_text

    for line in plan_text.lines(kept.plan):
        say(line)
    if kept.plan.is_nothing:
        say("The file changes nothing.")
    else:
        say(f"Do so with: deskbell ci import --apply {kept.id}")


def _print_applied(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    say(f"Applied: {found['created']} created, {found['changed']} changed, {found['retired']} retired.")


def _impact_lines(found: "Answer") -> Iterator[str]:
    told = found.impact
    for name, numbers in (("down", told.down), ("degraded", told.degraded), ("safe", told.safe)):
        yield f"{len(numbers)} {name}"
        for number in found.ordered(numbers):
            item, path = found.items[number], " → ".join(found.keys[one] for one in told.why[number])
            yield f"  {item.type} {found.keys[number]}, “{item.name}”: {path}"
