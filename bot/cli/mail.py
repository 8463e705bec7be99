"""`deskbell mail deliver MAILBOX`: a message as a mail server pipes it."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import say, say_json
from bot.cli.transaction import desk
from bot.settings import LocalSettings, load_local

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
    found = asyncio.run(_delivered(load_local(), mailbox, content))
    if as_json:
        say_json({"came": found.came, "ref": str(found.ref) if found.ref else None, "because": found.because or None})
    else:
        about = f": {found.ref}" if found.ref else f": {found.because}" if found.because else ""
        say(f"{found.came}{about}")


async def _delivered(settings: LocalSettings, name: str, content: bytes) -> "Outcome":
    """The message is understood before the transaction: the bot would wait for as long as that takes."""
    from bot.rules.mail.messages import Unreadable
    from bot.usecases.mail import answering, receiving
    from bot.usecases.policy import in_force

    async with desk(settings) as database:
        async with database.read() as tx:
            mailboxes = (await in_force(tx)).policy.mailboxes
        if name not in mailboxes:
            known = ", ".join(mailboxes) or "none; the policy has no section [mailboxes.NAME]"
            say(f"There is no mailbox “{name}”. There are: {known}.", error=True)
            raise typer.Exit(1)
        try:
            mail = await receiving.understood(mailboxes[name], content)
        except Unreadable as fault:
            return receiving.unreadable(fault)
        async with database.begin() as tx:
            found = await receiving.receive(tx, name, mailboxes[name], mail, datetime.now(UTC))
            await answering.tell(tx)
        return found
