"""`deskbell account create | list | close`: programs that act as themselves over the REST API."""

from typing import Annotated

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import run

app = typer.Typer(no_args_is_help=True, help="Service accounts of the REST API.")

Key = Annotated[str, typer.Argument(help="Small letters, digits and hyphens. Facts name it.")]


@app.command()
def create(
    key: Key,
    group: Annotated[str, typer.Option(help="A group of the policy: it may what a member may, and is none.")],
    title: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make an account for a program; `deskbell token create --account` makes its tokens."""
    from bot.usecases.api import accounts

    run(lambda tx, now: accounts.make(tx, key, group, title, now), writes=True)
    say(f"The service account {key} may what a member of {group} may.")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False) -> None:
    """Print every account that was made."""
    from bot.usecases.api import accounts

    rows = [one.model_dump(mode="json") for one in run(lambda tx, _now: accounts.every(tx), writes=True)]
    if as_json:
        say_json(rows)
        return
    heads = ("key", "title", "group_key", "made_at", "closed_at")
    say_table(heads, [[str(row[head] or "") for head in heads] for row in rows])


@app.command()
def close(key: Key) -> None:
    """Close an account: its tokens are good no more, at once. Its key is never given again."""
    from bot.usecases.api import accounts

    ended = run(lambda tx, now: accounts.close(tx, key, now), writes=True)
    tokens = "Its token is" if ended == 1 else f"Its {ended} tokens are"
    say(f"The service account {key} is closed. " + (f"{tokens} good no more." if ended else "It had no tokens."))
