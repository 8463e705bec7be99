"""`deskbell report`: the figures, their definitions, and a figure of any period. Only `samples --rebuild` writes."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.policy.deadline import instant_of, zulu
from bot.cli.reports.report_periods import periods
from bot.cli.reports.samples import samples
from bot.rules.report import wording
from bot.rules.report.measures.measure import Group, Measure, Unit
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.rules.time.local_time import ImpossibleHours, zone_of
from bot.settings import load_local

if TYPE_CHECKING:
    from bot.rules.report.figures import Figure
    from bot.usecases.report.figures import Answer

app = typer.Typer(no_args_is_help=True, help="Figures about incidents, promises and changes, and how they are defined.")
app.command()(periods)
app.command()(samples)
SHOWN_MOST = 20

Name = Annotated[str, typer.Argument(help="A figure's name, as `deskbell report list` has it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command("list")
def list_measures(as_json: AsJson = False) -> None:
    """Name all figures."""
    if as_json:
        say_json({one.name: _defined(one) for one in MEASURES.values()})
        return
    rows = [(one.name, one.title, ", ".join(one.groups)) for one in MEASURES.values()]
    say_table(("figure", "is about", "by"), rows)


@app.command()
def define(name: Name, as_json: AsJson = False) -> None:
    """Say what a figure counts, what it leaves out and why."""
    measure = _named(name)
    if as_json:
        say_json(_defined(measure))
        return
    say(f"{measure.name}: {measure.title}")
    for heading, text in wording.definition(measure):
        say(f"  {heading}: {text}")


@app.command("figure")
def figure_(
    name: Name,
    begin: Annotated[str, typer.Option("--from", help="A date (its midnight) or an instant, like 2026-03-01.")],
    end: Annotated[str, typer.Option("--to", help="The same; this instant does not belong to the period.")],
    by: Annotated[str | None, typer.Option(help="Divide it: service, priority or type.")] = None,
    zone: Annotated[str, typer.Option(help="By whose clocks dates are read.")] = "UTC",
    journal: Annotated[bool, typer.Option("--journal", help="Replay the journal's facts; read no table.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a figure with n, what was left out and why, and the records behind it. Private incidents are counted."""
    from bot.rules.record.refusals import Refusal
    from bot.usecases.report.figures import group_named

    measure = _named(name)
    try:
        period = period_named(begin, end, zone)
        group = group_named(measure, by) if by else None
    except (typer.BadParameter, Refusal) as fault:
        raise _refused(fault) from None
    found = asyncio.run(_answered(measure, period, group, journal=journal))
    if as_json:
        say_json(_as_dict(found))
        return
    for line in _lines(found):
        say(line)


def _named(name: str) -> Measure:
    from bot.rules.report.refusals import NoSuchMeasure
    from bot.usecases.report.figures import measure_named

    try:
        return measure_named(name)
    except NoSuchMeasure as refused:
        raise _refused(refused) from None


def _refused(fault: Exception) -> typer.Exit:
    say(str(fault), error=True)
    return typer.Exit(1)


def period_named(begin: str, end: str, zone: str) -> Period:
    """Raises typer.BadParameter."""
    try:
        clocks = zone_of(zone)
    except ImpossibleHours as fault:
        raise typer.BadParameter(f"--zone: {fault}.") from None
    since, until = _instant("--from", begin, clocks), _instant("--to", end, clocks)
    if until <= since:
        raise typer.BadParameter(
            "--to is not after --from. A period ends where --to begins: for one day, name the next."
        )
    return Period(since, until)


def _instant(option: str, text: str, clocks: ZoneInfo) -> datetime:
    try:
        return instant_of(text, clocks)
    except typer.BadParameter:
        raise typer.BadParameter(f"{option} “{text}” is not a date; write it like 2026-03-01.") from None


async def _answered(measure: Measure, period: Period, group: Group | None, *, journal: bool) -> "Answer":
    """Raises SchemaUnfit."""
    from bot.cli.database import opened, require
    from bot.usecases.report import figures

    url = load_local().database_url.get_secret_value()
    require(url)
    async with opened(url) as database, database.read() as tx:
        found = await (figures.from_journal(tx) if journal else figures.from_tables(tx, period))
    return figures.answer(measure, found, period, datetime.now(UTC), group)


def _lines(found: "Answer") -> Iterator[str]:
    measure, figure = found.measure, found.figure
    yield wording.sentence(measure, figure)
    yield f"From {zulu(figure.period.start)} to {zulu(figure.period.end)}, as known at {zulu(figure.as_of)}."
    if measure.unit is Unit.OPEN and figure.n:
        yield "By age: " + ", ".join(f"{count} {name}" for name, count in wording.ages(figure).items())
    for name, part in (found.parts or {}).items():
        yield f"  {name}: {wording.sentence(measure, part)}"
    yield from _records(measure, figure)


def _records(measure: Measure, figure: "Figure") -> Iterator[str]:
    if measure.unit is Unit.SHARE:
        yield f"{measure.marks.capitalize()}: {_some(figure.numerator)}"
        yield f"The others: {_some(figure.others)}"
    else:
        yield f"Counted: {_some([ref for ref, _ in figure.counted])}"
    for reason, refs in figure.left_out.items():
        yield f"Left out, {reason}: {_some(refs)}. {measure.leaves_out[reason]}"


def _some(every: Sequence[str]) -> str:
    more = f" and {len(every) - SHOWN_MOST} more (--json has them all)" if len(every) > SHOWN_MOST else ""
    return f"{', '.join(every[:SHOWN_MOST])}{more}" if every else "none"


def _as_dict(found: "Answer") -> dict[str, object]:
    measure, figure = found.measure, found.figure
    told = _counted(measure, figure) | {
        "from": zulu(figure.period.start),
        "to": zulu(figure.period.end),
        "as_of": zulu(figure.as_of),
        "definition": _defined(measure),
    }
    if found.parts is not None and found.group:
        told["by"] = {str(found.group): {name: _counted(measure, one) for name, one in found.parts.items()}}
    return told


def _counted(measure: Measure, figure: "Figure") -> dict[str, object]:
    told: dict[str, object] = {
        "measure": measure.name,
        "value": figure.value,
        "n": figure.n,
        "mean": figure.mean,
        "median": figure.median,
        "p90": figure.p90,
        "counted": [{"ref": ref, "value": value} for ref, value in figure.counted],
        "left_out": {reason: list(refs) for reason, refs in figure.left_out.items()},
    }
    if measure.unit is Unit.SHARE:
        told["numerator"] = len(figure.numerator)
    if measure.unit is Unit.OPEN:
        told["ages"] = dict(wording.ages(figure))
    return told


def _defined(measure: Measure) -> dict[str, object]:
    return {
        "name": measure.name,
        "title": measure.title,
        "population": measure.counts,
        "value": measure.value,
        "left_out": dict(measure.leaves_out),
        "unit": str(measure.unit),
        "calendar": measure.calendar,
        "by": list(map(str, measure.groups)),
        "owner": measure.owner,
        "target": measure.target,
        "better": measure.better or None,
    }
