"""`deskbell token create | list | revoke`: tokens of the REST API."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.cli.output import say, say_json
from bot.rules.policy_format.types import length_of
from bot.rules.record.refusals import Refusal
from bot.settings import load_local

app = typer.Typer(no_args_is_help=True, help="Tokens of the REST API.")

T = TypeVar("T")


@app.command()
def create(
    owner: Annotated[str, typer.Option(help="Whom it acts as, by Slack's id: it may what this person may.")],
    scope: Annotated[list[str], typer.Option(help="What of that, as in incidents:read; as many as needed.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    expires: Annotated[
        str | None, typer.Option(help="After which it is good no more, like 90d; never, if left out.")
    ] = None,
) -> None:
    """Make a token and print it, this once."""
    from bot.usecases.api import tokens

    try:
        valid = length_of(expires) if expires else None
    except ValueError as fault:
        raise typer.BadParameter(f"“{expires}” {fault}") from None
    text, row = _done(lambda tx, now: tokens.make(tx, owner, scope, name, valid, now))
    say(text)
    say(f"Token {row.id} acts as {owner}. It is shown this once, and kept nowhere.", error=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False) -> None:
    """Print every token that was made, without its secret."""
    from bot.cli.output import say_table
    from bot.usecases.api import tokens

    found = _done(lambda tx, _now: tokens.every(tx))
    rows = [one.model_dump(mode="json", exclude={"token_hash"}) for one in found]
    if as_json:
        say_json([{**row, "scopes": row["scopes"].split()} for row in rows])
        return
    heads = ("id", "name", "person", "scopes", "expires_at", "revoked_at", "last_used_on")
    say_table(heads, [[str(row[head] or "") for head in heads] for row in rows])


@app.command()
def revoke(number: Annotated[int, typer.Argument(help="Its id, as `deskbell token list` shows it.")]) -> None:
    """Make a token good no more, at once."""
    from bot.usecases.api import tokens

    _done(lambda tx, now: tokens.revoke(tx, number, now))
    say(f"Token {number} is good no more.")


def _done(work: Callable[[AsyncSession, datetime], Awaitable[T]]) -> T:
    """In one transaction. A refusal is a sentence, and exit code 1."""
    try:
        return asyncio.run(_in_database(work))
    except Refusal as refused:
        say(refused.sentence, error=True)
        raise typer.Exit(1) from None


async def _in_database(work: Callable[[AsyncSession, datetime], Awaitable[T]]) -> T:
    """Raises SchemaUnfit."""
    from bot.cli.database import opened, ready
    from bot.usecases import policy as desk_policy

    url = ready(load_local().database_url.get_secret_value())
    now = datetime.now(UTC)
    async with opened(url) as database, database.begin() as tx:
        await desk_policy.ensure(tx, desk_policy.shipped(), now=now)
        return await work(tx, now)
