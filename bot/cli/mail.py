"""`deskbell mail deliver MAILBOX`: a message as a mail server pipes it."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import say, say_json
from bot.settings import load_local

if TYPE_CHECKING:
    from bot.usecases.mail.receiving import Outcome

app = typer.Typer(no_args_is_help=True, help="E-mail of people who have no Slack.")
LARGEST = 10 * 1024 * 1024


@app.callback()
def _mail() -> None:
    """A group of commands."""


@app.command()
def deliver(
    mailbox: Annotated[str, typer.Argument(help="A mailbox of the policy, by its key.")],
    file: Annotated[Path | None, typer.Argument(help="The message; the standard input, if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Take a message in, as `|deskbell mail deliver help` in a mail server's aliases does."""
    try:
        content = file.read_bytes() if file else sys.stdin.buffer.read(LARGEST + 1)
    except OSError as fault:
        say(f"{file} cannot be read: {fault.strerror}.", error=True)
        raise typer.Exit(1) from None
    if len(content) > LARGEST:
        say("A message has at most 10 MiB.", error=True)
        raise typer.Exit(1)
    found = asyncio.run(_deliver(mailbox, content))
    if as_json:
        say_json({"came": found.came, "ref": str(found.ref) if found.ref else None, "because": found.because or None})
    else:
        about = f": {found.ref}" if found.ref else f": {found.because}" if found.because else ""
        say(f"{found.came}{about}")


async def _deliver(name: str, content: bytes) -> "Outcome":
    from bot import policy_files
    from bot.cli.database import opened, ready
    from bot.rules.record.facts import OPERATOR
    from bot.usecases import policy as desk_policy
    from bot.usecases.mail import answering, receiving

    settings = load_local()
    given = policy_files.load(settings.policy) if settings.policy else None
    now = datetime.now(UTC)
    async with opened(ready(settings.database_url.get_secret_value())) as database, database.begin() as tx:
        if given is not None:
            desk = await desk_policy.adopt(tx, given, by=OPERATOR, now=now)
        else:
            desk = await desk_policy.ensure(tx, desk_policy.shipped(), now=now)
        mailboxes = desk.policy.mailboxes
        if name not in mailboxes:
            known = ", ".join(mailboxes) or "none; the policy has no section [mailboxes.NAME]"
            say(f"There is no mailbox “{name}”. There are: {known}.", error=True)
            raise typer.Exit(1)
        found = await receiving.receive(tx, name, mailboxes[name], content, now)
        await answering.tell(tx)
    return found
