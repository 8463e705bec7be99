"""`deskbell policy replay`: a proposed policy run over what happened."""

from collections.abc import Iterator
from datetime import UTC, datetime

import typer

from bot.cli.database import opened, require
from bot.cli.output import say, say_json
from bot.rules.policy.policy import Policy
from bot.settings import LocalSettings
from bot.usecases.sla.replay import Replay, Verdict, replay

EARLIEST = 1970
"""The year from which on days are counted: a span before the first of all days is none that Python can subtract."""


def day_of(text: str) -> datetime:
    """A date (its midnight in UTC) or an instant, as ISO 8601. Raises typer.BadParameter."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"--since “{text}” is not a date; write it like 2026-03-01.") from None
    if read.year < EARLIEST:
        raise typer.BadParameter(f"--since “{text}” is long before any record; {EARLIEST}-01-01 is the earliest.")
    try:
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except OverflowError:
        raise typer.BadParameter(f"--since “{text}” lies outside of any calendar.") from None


async def run(settings: LocalSettings, policy: Policy, since: datetime) -> Replay:
    """Raises SchemaUnfit."""
    url = settings.database_url.get_secret_value()
    require(url)
    async with opened(url) as database, database.read() as tx:
        return await replay(tx, policy, since, datetime.now(UTC))


def print_replay(found: Replay, *, as_json: bool) -> None:
    if as_json:
        come, go = [_as_dict(one) for one in found.come], [_as_dict(one) for one in found.go]
        say_json({"clocks": found.clocks, "come": come, "go": go, "stay": found.stay})
        return
    for line in _lines(found):
        say(line)


def _lines(found: Replay) -> Iterator[str]:
    yield f"{found.clocks} promises run. Breaches that would come: {len(found.come)}"
    yield from (f"  + {_named(one)}, broken {one.would_be:%Y-%m-%d %H:%M} UTC" for one in found.come)
    yield f"Breaches that would go: {len(found.go)}"
    yield from (f"  - {_named(one)}, broken {one.was:%Y-%m-%d %H:%M} UTC" for one in found.go)
    yield f"Breaches that would stay: {found.stay}"


def _named(one: Verdict) -> str:
    return f"{one.subject} {one.name}{f' (round {one.cycle})' if one.cycle > 1 else ''}"


def _as_dict(one: Verdict) -> dict[str, object]:
    return {
        "subject": one.subject,
        "kind": one.name,
        "cycle": one.cycle,
        "was": one.was.isoformat().replace("+00:00", "Z") if one.was else None,
        "would_be": one.would_be.isoformat().replace("+00:00", "Z") if one.would_be else None,
    }
