"""`deskbell policy check | show | apply | when | replay`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import policy_files
from bot.cli.output import say
from bot.cli.policy import deadline
from bot.rules.policy.differences import differences
from bot.rules.policy.policy import Policy, PolicyFaults, parse
from bot.rules.time.business_hours import BeyondHorizon
from bot.settings import load_local

app = typer.Typer(no_args_is_help=True, help="The desk's own rules: check them, see them, put them in force.")

_HELP = "A policy file, or a folder of them, which need only say what differs from the default."
File = Annotated[Path, typer.Argument(help=_HELP)]


@app.command()
def check(file: File) -> None:
    """Print every fault in a policy with its line (exit code 1), or what it changes in the default."""
    policy = checked(file)
    say(f"{file} is sound. What it changes in the default:")
    changes = list(differences(parse(""), policy))
    for change in changes or ["  nothing"]:
        say(change)


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(help="A policy file or a folder; the policy in force if left out.")
    ] = None,
) -> None:
    """Print the whole policy that results from files, or the one in force."""
    if file is not None:
        say(checked(file).text.rstrip())
        return
    from bot.cli.policy import versions

    heading, text = asyncio.run(versions.in_force(load_local()))
    say(f"# {heading}\n\n{text.rstrip()}")


@app.command()
def apply(file: File) -> None:
    """Check a policy and put it in force from now on, as a version of its own."""
    from bot.cli.policy import versions

    policy, settings = checked(file), load_local()
    say(asyncio.run(versions.adopt(policy, settings)))
    if settings.policy and settings.policy.resolve() != file.resolve():
        say(f"Mind that DESKBELL_POLICY names {settings.policy}, which the next start puts in force again.")


@app.command()
def when(
    file: File,
    calendar: Annotated[str, typer.Option(help="A calendar of the policy, by its key.")],
    start: Annotated[str, typer.Option(help="An instant, like 2025-06-06T16:00+01:00.")],
    target: Annotated[str, typer.Option(help="Time that has to count, like 2h, 90m, 1d (24 hours) or 45s.")],
    pause: Annotated[list[str] | None, typer.Option(help="FROM/TO, two instants; as many as there were.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Ask a calendar when a promise would fall due, and what counted towards it."""
    policy = checked(file)
    try:
        hours = deadline.calendar_of(policy, calendar)
        pauses = [deadline.pause_of(one, hours.zone) for one in pause or ()]
        found = deadline.answer(hours, deadline.instant_of(start, hours.zone), deadline.target_of(target), pauses)
    except (typer.BadParameter, BeyondHorizon) as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    deadline.print_answer(found, as_json=as_json)


@app.command()
def replay(
    file: File,
    since: Annotated[str, typer.Option(help="A date, like 2026-03-01: promises made from then on are run.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Run a proposed policy over past facts: which breaches would come, and which would go. Changes nothing."""
    from bot.cli.policy import replay as replaying

    policy = checked(file)
    try:
        begin = replaying.day_of(since)
    except typer.BadParameter as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    replaying.print_replay(asyncio.run(replaying.run(load_local(), policy, begin)), as_json=as_json)


def checked(file: Path) -> Policy:
    """The policy of files; ends the command with every fault, where there are any."""
    try:
        return policy_files.load(file)
    except PolicyFaults as found:
        for fault in found.faults:
            say(str(fault), error=True)
        count = len(found.faults)
        say(f"{file}: {count} {'fault' if count == 1 else 'faults'}.", error=True)
        raise typer.Exit(1) from None
