"""`deskbell review`: post-incident reviews, listed and written out. Reads only."""

import asyncio
from typing import Annotated, Any

import typer

from bot.cli.output import say, say_json, say_table
from bot.rules.record.refs import Noun, Ref
from bot.rules.review.written_out import Format
from bot.settings import load_local

app = typer.Typer(no_args_is_help=True, help="Post-incident reviews.")


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are published or declined too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Name the reviews that are owed, what is due first first. Those of private records are left out."""
    found = asyncio.run(_listed(every=every))
    if as_json:
        say_json(found)
        return
    say_table(("review", "of", "state", "due", "version"), [(one["ref"], one["about"], one["state"], one["due_on"],
              str(one["version"])) for one in found])  # fmt: skip


@app.command()
def export(
    ref: Annotated[str, typer.Argument(help="Which one, like REV-1.")],
    as_: Annotated[Format, typer.Option("--format", help="What to write it out as.")] = Format.MARKDOWN,
    version: Annotated[
        int | None,
        typer.Option(
            "--version", min=1, help="One that was published. Left out: the newest, or the draft if none was."
        ),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="As it stands now, published or not.")] = False,
    names: Annotated[bool, typer.Option("--names", help="With names, for its own audience; else with roles.")] = False,
) -> None:
    """Print one review."""
    from bot.rules.record.refusals import Refusal

    try:
        text = asyncio.run(_written(Ref.parse(ref, Noun.REVIEW), as_, version, draft=draft, names=names))
    except Refusal as refused:
        say(refused.sentence, error=True)
        raise typer.Exit(1) from None
    say(text.rstrip("\n"))


async def _written(ref: Ref, as_: Format, version: int | None, *, draft: bool, names: bool) -> str:
    """Raises NoSuchRecord, NoSuchVersion, SchemaUnfit."""
    from bot.cli.database import opened
    from bot.rules.review.written_out import write
    from bot.usecases.review import access, documents

    async with opened(_url()) as database, database.read() as tx:
        review = await access.find(tx, ref)
        found = await documents.of(tx, review) if draft else await documents.version(tx, review, version)
        return write(await documents.for_readers(tx, review, found, named=names), as_)


async def _listed(*, every: bool) -> list[dict[str, Any]]:
    from bot.cli.database import opened
    from bot.rules.review.list_filter import read
    from storage.review import reviews
    from storage.review.reviews import Asker

    async with opened(_url()) as database, database.read() as tx:
        found = await reviews.page(tx, read("all" if every else ""), Asker("", "", False, ()), 10_000)
    keys = ("about", "because", "state", "due_on", "version", "facilitator")
    return [{"ref": str(one.ref), **{key: getattr(one, key) for key in keys}} for one in found]


def _url() -> str:
    """Raises SchemaUnfit."""
    from bot.cli.database import require

    return require(load_local().database_url.get_secret_value())
