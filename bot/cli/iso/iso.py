"""`deskbell iso`: how each clause of ISO/IEC 20000-1 stands, by what is on record. It helps you prepare."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.iso import iso_audits, iso_meetings, iso_pack
from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import in_transaction
from bot.rules.iso import clauses, wording
from bot.rules.iso.assessment import worst
from bot.rules.iso.criteria import Axis
from bot.rules.record.refusals import FormRefused, Refusal
from bot.rules.record.text import per_cent
from bot.settings import load_local

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlmodel.ext.asyncio.session import AsyncSession

    from bot.rules.iso.criteria import Clause
    from bot.rules.iso.trend import Trend
    from bot.rules.report.periods import Period
    from bot.usecases.iso.judgements import Judgement
    from bot.usecases.iso.standing import Standing
    from storage.tables import ActionItem

    Work = Callable[[AsyncSession, str, datetime], Awaitable[str]]

app = typer.Typer(no_args_is_help=True, help="Prepare for ISO/IEC 20000-1: clauses, evidence, gaps.")

Number = Annotated[str | None, typer.Argument(help="A clause like 8.6.3, or what stands above: 8.6. All if left out.")]
Within = Annotated[str | None, typer.Option("--period", help="2026-Q1, 2026-03, 2026; the last 365 days if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command()
def show(clause: Number = None, period: Within = None, as_json: AsJson = False) -> None:
    """Show clauses by three axes: designed, done, works. Reads only."""
    found = _standing(clause, period)
    if as_json:
        say_json([wording.as_dict(one) for one in found.assessed])
        return
    if clause is not None:
        for one in found.assessed:
            for line in wording.lines(one):
                say(line)
    else:
        _overview(found)
    say(clauses.SOURCE)


@app.command()
def gaps(
    most: Annotated[int, typer.Option("--most", min=1, help="So many at most.")] = 10,
    period: Within = None,
    as_json: AsJson = False,
) -> None:
    """List the worst gaps, each with what mends it. Reads only."""
    found = worst(_standing(None, period).assessed, most)
    if as_json:
        say_json([{"clause": one.clause} | wording.evidence(one) for one in found])
        return
    say_table(("clause", "axis", "stands", "to mend it"), [(o.clause, o.axis, o.status, o.mend) for o in found])


@app.command()
def trend(as_json: AsJson = False) -> None:
    """Show which axes stand better or worse than at the end of the last quarter. Reads only."""
    found = asyncio.run(_moved())
    if found is None:
        say("Nothing is on record to compare with yet: how clauses stand is kept once a week while Deskbell runs.")
        raise typer.Exit(0)
    if as_json:
        moved = [
            {"clause": one.clause, "axis": one.axis, "was": one.was, "now": one.now, "better": one.better}
            for one in (*found.worse, *found.better)
        ]
        say_json({"since": wording.zulu(found.since), "moved": moved})
        return
    say(found.says)
    for one in (*found.worse, *found.better):
        say(f"  {'↑' if one.better else '↓'} {one.says}")


@app.command()
def plan(as_json: AsJson = False) -> None:
    """List every gap with the actions that were raised for its clause, their owners and days. Reads only."""
    found = asyncio.run(_planned())
    if as_json:
        say_json(found)
        return
    rows = [
        (o["clause"], o["axis"], o["status"], o["mend"], ", ".join(_told(a) for a in o["actions"]) or "none")
        for o in found
    ]
    say_table(("clause", "axis", "stands", "to mend it", "actions"), rows)


@app.command()
def judge(
    clause: Annotated[str, typer.Argument(help="A clause, like 8.6.3.")],
    axis: Annotated[str, typer.Argument(help="designed, done or works; or the key of a question of your own.")],
    status: Annotated[str, typer.Argument(help="“not addressed”, started, inconsistent or conforming.")],
    because: Annotated[str, typer.Option("--because", help="The reason.")],
    until: Annotated[
        str | None, typer.Option("--until", help="The day on which it lapses; in a year if left out.")
    ] = None,
    record: Annotated[str, typer.Option("--record", help="The record that it rests on, like ACT-3.")] = "",
) -> None:
    """Put a person's judgement of a clause on record. It lapses."""
    from bot.usecases.iso.judgements import Judgement

    day = None if until is None else _day(until)
    said = _written(lambda tx, by, now: _judged(tx, Judgement(clause, axis, status, because, day, record), by, now))
    say(said)


@app.command()
def task(
    clause: Annotated[str, typer.Argument(help="A clause, like 9.2.")],
    action: Annotated[str, typer.Argument(help="An action that repeats, like ACT-3.")],
) -> None:
    """Keep an action that repeats for a clause: each interval is evidence, kept or missed."""
    say(_written(lambda tx, by, now: _tasked(tx, clause, action, by, now)))


app.command()(iso_pack.pack)
app.command()(iso_audits.programme)
app.command()(iso_audits.audits)
app.command()(iso_audits.findings)
app.command()(iso_audits.owner)
app.command()(iso_audits.registers)
app.command()(iso_meetings.reviews)
app.command()(iso_meetings.minutes)


def _overview(found: "Standing") -> None:
    rows = []
    for one in found.assessed:
        axes = [f"{wording.MARK[one.axes[axis]]} {one.axes[axis]}" for axis in Axis]
        share = "–" if one.completeness is None else per_cent(one.completeness)
        rows.append((one.clause.number, one.clause.title, *axes, f"{one.n:,}", share))
    say_table(("clause", "title", *Axis, "n", "complete"), rows)
    for name, why in found.outside.items():
        say(f"Out of scope: {name}. {why}")


def _standing(typed: str | None, period: str | None) -> "Standing":
    try:
        asked = None if typed is None else clauses.named(typed)
        return asyncio.run(_found(asked, _period(period)))
    except Refusal as refused:
        raise _no(refused) from None


def _period(typed: str | None) -> "Period | None":
    """Raises NoSuchPeriod."""
    from bot.rules.iso import periods

    return None if typed is None else periods.named(typed)


async def _found(asked: "Sequence[Clause] | None", period: "Period | None") -> "Standing":
    """Of a database that is not there yet, or is empty, nothing is known: that is an answer too. Raises SchemaUnfit."""
    from bot.cli.database import is_begun, opened, require
    from bot.rules.iso.evidence import Evidence
    from bot.usecases.iso import standing

    url, now = load_local().database_url.get_secret_value(), datetime.now(UTC)
    if not is_begun(url):
        return standing.assessed(Evidence(period or standing.last_year(now)), now, asked)
    require(url)
    async with opened(url) as database, database.read() as tx:
        return await standing.standing(tx, now, asked, period)


def _told(action: dict[str, Any]) -> str:
    return f"{action['ref']} ({action['state']}, {action['owner'] or action['group']}, due {action['due_on']})"


async def _moved() -> "Trend | None":
    """Raises SchemaUnfit."""
    from bot.usecases.iso import history
    from bot.usecases.iso.standing import standing

    async def work(tx: "AsyncSession", now: datetime) -> "Trend | None":
        return await history.compared(tx, now, (await standing(tx, now)).assessed)

    return await in_transaction(work, writes=False)


async def _planned() -> list[dict[str, Any]]:
    """Raises SchemaUnfit."""
    from bot.cli.database import is_begun, opened, require
    from bot.usecases.iso.standing import standing
    from storage.iso import clauses as stored

    url, now = load_local().database_url.get_secret_value(), datetime.now(UTC)
    if not is_begun(url):
        return _plan(await _found(None, None), {})
    require(url)
    async with opened(url) as database, database.read() as tx:
        return _plan(await standing(tx, now), await stored.planned(tx))


def _plan(found: "Standing", raised: "Mapping[str, Sequence[ActionItem]]") -> list[dict[str, Any]]:
    every = worst(found.assessed, len(found.assessed) * len(Axis))
    ordered = sorted(every, key=lambda one: (clauses.CLAUSES[one.clause].order, list(Axis).index(one.axis)))
    return [
        {"clause": one.clause} | wording.evidence(one) | {"actions": _actions(raised, one.clause)} for one in ordered
    ]


def _actions(raised: "Mapping[str, Sequence[ActionItem]]", clause: str) -> list[dict[str, Any]]:
    return [
        {"ref": str(one.ref), "title": one.title, "state": one.state, "owner": one.owner, "group": one.owner_group,
         "due_on": one.due_on}
        for one in raised.get(clause, ())
    ]  # fmt: skip


def _written(work: "Work") -> str:
    from bot.rules.record.facts import OPERATOR

    try:
        return str(asyncio.run(in_transaction(lambda tx, now: work(tx, OPERATOR, now), writes=True)))
    except Refusal as refused:
        raise _no(refused) from None


async def _judged(tx: "AsyncSession", typed: "Judgement", by: str, now: datetime) -> str:
    from bot.usecases.iso import judgements

    said = await judgements.judge(tx, typed, by=by, now=now)
    return f"Clause {said.clause}, {said.axis}: judged “{said.status}” until {said.until}."


async def _tasked(tx: "AsyncSession", clause: str, action: str, by: str, now: datetime) -> str:
    from bot.rules.record.refs import Noun, Ref
    from bot.usecases.iso import judgements

    ref = Ref.parse(action, Noun.ACTION)
    await judgements.keep_task(tx, clause, ref, by=by, now=now)
    return f"{ref} is kept for clause {clause}."


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        say(f"--until “{typed}” is not a day; write it like 2026-12-31.", error=True)
        raise typer.Exit(1) from None


def _no(refused: Refusal) -> typer.Exit:
    said = " ".join(refused.faults.values()) if isinstance(refused, FormRefused) else str(refused)
    say(said, error=True)
    return typer.Exit(1)
