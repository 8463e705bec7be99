"""`deskbell token create | list | revoke`: tokens of the REST API."""

from typing import Annotated

import typer

from bot.cli.output import say, say_json
from bot.cli.transaction import MOST_NUMBER, run
from bot.rules.policy_format.types import length_of
from bot.rules.record.facts import account

app = typer.Typer(no_args_is_help=True, help="Tokens of the REST API.")


@app.command()
def create(
    scope: Annotated[list[str], typer.Option(help="What of that, as in incidents:read; as many as needed.")],
    owner: Annotated[str, typer.Option(help="Whom it acts as, by Slack's id: it may what this person may.")] = "",
    service_account: Annotated[
        str, typer.Option("--account", help="Or the service account that it acts as (`deskbell account`).")
    ] = "",
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    expires: Annotated[
        str | None, typer.Option(help="After which it is good no more, like 90d; never, if left out.")
    ] = None,
) -> None:
    """Make a token and print it, this once."""
    from bot.usecases.api import tokens

    if bool(owner) == bool(service_account):
        raise typer.BadParameter("Say --owner or --account, one of the two.")
    acts_as = owner or account(service_account)
    try:
        valid = length_of(expires) if expires else None
    except ValueError as fault:
        raise typer.BadParameter(f"“{expires}” {fault}") from None
    text, row = run(lambda tx, now: tokens.make(tx, acts_as, scope, name, valid, now), writes=True)
    say(text)
    say(f"Token {row.id} acts as {owner or service_account}. It is shown this once, and kept nowhere.", error=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False) -> None:
    """Print every token that was made, without its secret."""
    from bot.cli.output import say_table
    from bot.usecases.api import tokens

    found = run(lambda tx, _now: tokens.every(tx), writes=True)
    rows = [one.model_dump(mode="json", exclude={"token_hash"}) for one in found]
    if as_json:
        say_json([{**row, "scopes": row["scopes"].split()} for row in rows])
        return
    heads = ("id", "name", "person", "scopes", "expires_at", "revoked_at", "last_used_on")
    say_table(heads, [[str(row[head] or "") for head in heads] for row in rows])


@app.command()
def revoke(
    number: Annotated[int, typer.Argument(max=MOST_NUMBER, help="Its id, as `deskbell token list` shows it.")],
) -> None:
    """Make a token good no more, at once."""
    from bot.usecases.api import tokens

    run(lambda tx, now: tokens.revoke(tx, number, now), writes=True)
    say(f"Token {number} is good no more.")
