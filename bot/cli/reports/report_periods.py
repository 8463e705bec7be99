"""`deskbell report periods`: the calendar periods that reports are about. Reads no database."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.policy.deadline import zulu
from bot.rules.policy_format.hints import nearest
from bot.rules.report.periods import Every, Period, spanning
from bot.rules.time.local_time import ImpossibleHours, zone_of


def periods(
    every: Annotated[str, typer.Option("--every", help="week (from Monday), month or quarter.")],
    begin: Annotated[str, typer.Option("--from", help="A date, like 2026-03-01.")],
    end: Annotated[str, typer.Option("--to", help="The same; this day is not asked for any more.")],
    zone: Annotated[str, typer.Option("--zone", help="By whose clocks, like Asia/Shanghai.")] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Print all periods that have a day from --from to before --to in them, whole, as instants in UTC."""
    try:
        found = _found(every, begin, end, zone)
    except typer.BadParameter as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    if as_json:
        say_json([{"start": zulu(one.start), "end": zulu(one.end)} for one in found])
    else:
        say_table(("start", "end"), [(zulu(one.start), zulu(one.end)) for one in found])


def _found(every: str, begin: str, end: str, zone: str) -> list[Period]:
    """Raises typer.BadParameter."""
    try:
        clocks = zone_of(zone)
    except ImpossibleHours as fault:
        raise typer.BadParameter(f"--zone: {fault}.") from None
    kind = every_named(every)
    first, last = _day("--from", begin), _day("--to", end)
    if last <= first:
        raise typer.BadParameter("--to is not after --from. For one day, name the next.")
    try:
        return list(spanning(kind, first, last, clocks))
    except (OverflowError, ValueError):
        raise typer.BadParameter(
            f"{begin} to {end} lies at the edge of the calendar, where no period is whole."
        ) from None


def every_named(typed: str) -> Every:
    """Raises typer.BadParameter."""
    if typed not in set(Every):
        close = nearest(typed.casefold(), list(Every))
        hint = f" Did you mean “{close}”?" if close else ""
        raise typer.BadParameter(f"--every “{typed}” is no period.{hint} There are week, month and quarter.")
    return Every(typed)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{option} “{text}” is not a date; write it like 2026-03-01.") from None
