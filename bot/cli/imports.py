"""`deskbell import SOURCE FILE --plan | --apply`: records of another tool, moved in silently."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import say, say_json
from bot.cli.transaction import desk
from bot.rules.imports import mapping, reading
from bot.rules.imports.chunks import FileFault
from bot.rules.imports.instants import Clock, Order
from bot.rules.imports.nouns import MovedIn
from bot.rules.imports.refusals import BadMapping, FileChanged, RowsRefused, UnreadableImport
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Read, Source
from bot.rules.record.refusals import Refusal
from bot.rules.time.local_time import ImpossibleHours, zone_of
from bot.settings import load_local

if TYPE_CHECKING:
    from bot.usecases.imports.batch import Batch
    from bot.usecases.imports.moving import Report
    from storage.db.database import Database

PIECE = 256 * 1024
SHOWN_MOST = 20


def import_(
    source: Annotated[Source, typer.Argument(help="The tool that the file comes from; csv for any other.")],
    file: Annotated[Path, typer.Argument(help="What it exported: JSON, CSV or XML.")],
    plan: Annotated[bool, typer.Option("--plan", help="Say what the file would become; change nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Do it. What is here already is not added again.")] = False,
    map_: Annotated[
        Path | None, typer.Option("--map", "--mapping", help="A TOML file: columns, and what words mean here.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Whose times those are that name no zone, like Europe/Berlin.")
    ] = None,
    day_first: Annotated[bool | None, typer.Option("--day-first/--month-first", help="How 02/03/2026 is read.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Where the file is not UTF-8, like cp1252.")] = None,
    take: Annotated[
        list[str] | None, typer.Option(help="A type that is taken as an incident too, like “Service Request”.")
    ] = None,
    as_: Annotated[
        MovedIn, typer.Option("--as", help="What its rows are here; others are left out and counted.")
    ] = MovedIn.INCIDENT,
    clocks: Annotated[
        str, typer.Option(help="Promises of what is open count from now, from its start, or not at all: none.")
    ] = "now",
    skip_faulty: Annotated[bool, typer.Option("--skip-faulty", help="Leave out rows that cannot be taken.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Move records in from another tool: silently, with their own times, as often as needed.

    Rotas of Grafana OnCall (oncall) become text for the policy: --plan tells what is lost, --apply prints it.
    """
    if plan == apply:
        raise typer.BadParameter("Say either --plan or --apply: first the one, then the other.")
    if clocks not in ("now", "start", "none"):
        raise typer.BadParameter("--clocks is now, start or none.")
    try:
        how = _how(map_, zone, day_first, encoding, take or ())
        if source is Source.ONCALL:
            _rotas(file, how, apply=apply, as_json=as_json)
            return
        found, told = asyncio.run(_run(_Work(source, file, how, clocks, apply, skip_faulty, as_)))
    except Refusal as refused:
        say(refused.sentence, error=True)
        raise typer.Exit(1) from None
    if as_json:
        say_json(told)
    else:
        for line in _lines(found, told):
            say(line)
    if found.refused_in_all and not (apply and skip_faulty):
        many = f"{found.refused_in_all} row{'s' if found.refused_in_all > 1 else ''}"
        say(RowsRefused(count=many).sentence if apply else f"{many} cannot be taken.", error=True)
        raise typer.Exit(1)


def _how(
    map_: Path | None, zone: str | None, day_first: bool | None, encoding: str | None, take: list[str] | tuple[()]
) -> How:
    """What is typed goes before what the mapping says. Raises BadMapping."""
    mapped = mapping.NOTHING
    if map_ is not None:
        try:
            mapped = mapping.parse(map_.read_text("utf-8-sig"), str(map_))
        except OSError as fault:
            raise BadMapping(file=map_, because=fault.strerror or "it cannot be read") from None
        except UnicodeDecodeError:
            raise BadMapping(file=map_, because="it is not UTF-8 text") from None
    if encoding is not None:
        mapped = mapped.model_copy(update={"encoding": encoding})
    order = mapped.order if day_first is None else Order.DAY_FIRST if day_first else Order.MONTH_FIRST
    try:
        read_in = zone_of(zone or mapped.zone or "") if zone or mapped.zone else None
    except ImpossibleHours as fault:
        raise typer.BadParameter(str(fault)) from None
    return How(Clock(read_in, order), datetime.now(UTC), mapped, tuple(take))


class _Work:
    """A file that is read twice: once to judge it whole, and once to do what it says."""

    def __init__(
        self, source: Source, file: Path, how: How, clocks: str, apply: bool, skip_faulty: bool, becomes: MovedIn
    ) -> None:
        self.source, self.file, self.how = source, file, how
        self.clocks, self.apply, self.skip_faulty = clocks, apply, skip_faulty
        self.becomes = becomes
        self.spec: Spec = reading.spec_of(source, how, str(file), becomes.noun)
        name = str(how.mapped.name or source) if source is Source.CSV else str(source)
        # Ids of tickets, changes and problems may be the same there.
        self.name = name if becomes is MovedIn.INCIDENT else f"{name}:{becomes}"

    def rows(self, digest: Any) -> Iterator[Read]:
        """Raises UnreadableImport."""
        try:
            yield from reading.read(self._pieces(digest), self.spec, self.how)
        except FileFault as fault:
            raise UnreadableImport(file=self.file, because=fault) from None

    def _pieces(self, digest: Any) -> Iterator[bytes]:
        try:
            with self.file.open("rb") as opened:
                while piece := opened.read(PIECE):
                    digest.update(piece)
                    yield piece
        except OSError as fault:
            raise UnreadableImport(file=self.file, because=fault.strerror or "it cannot be opened") from None


async def _run(work: _Work) -> tuple["Report", dict[str, Any]]:
    from bot.usecases.imports.matching import Unmatched

    async with desk(load_local()) as database:
        digest = hashlib.sha256()
        batch, report = await _planned(database, work, digest)
        if work.apply and (work.skip_faulty or not report.refused_in_all):
            # Whoever is not known was counted by the plan.
            again = replace(batch, known=replace(batch.known, unmatched=Unmatched()))
            report = await _applied(database, work, again, digest.hexdigest())
            return report, _as_dict(work, batch, report, applied=True)
        return report, _as_dict(work, batch, report, applied=False)


async def _planned(database: "Database", work: _Work, digest: Any) -> tuple["Batch", "Report"]:
    from bot.usecases.imports import matching, moving
    from bot.usecases.imports.batch import Batch, Clocks
    from bot.usecases.imports.kinds import KINDS

    async with database.read() as tx:
        found = await matching.known(tx, work.how.mapped)
    if wrong := matching.wrong(work.how.mapped, found.policy):
        raise BadMapping(file="you gave", because="; ".join(wrong))
    batch = Batch(work.source, work.name, "", found, Clocks(work.clocks), work.how.now, KINDS[work.becomes.noun])
    report = moving.Report()
    sieve, rows = moving.Sieve(report), work.rows(digest)
    while some := list(islice(rows, moving.BATCH)):
        async with database.read() as tx:
            await moving.plan(tx, sieve.tickets(some), batch, report)
    return replace(batch, file=digest.hexdigest()), report


async def _applied(database: "Database", work: _Work, batch: "Batch", planned: str) -> "Report":
    """A batch a transaction, in the file's order: a run that ends early is gone on with by the next."""
    from bot.usecases.imports import moving

    report, digest = moving.Report(), hashlib.sha256()
    sieve, rows = moving.Sieve(report), work.rows(digest)
    while some := list(islice(rows, moving.BATCH)):
        async with database.begin() as tx:
            await moving.apply(tx, sieve.tickets(some), batch, report)
    if digest.hexdigest() != planned:
        raise FileChanged(file=work.file)
    return report


def _as_dict(work: _Work, batch: "Batch", found: "Report", *, applied: bool) -> dict[str, Any]:
    return {
        "source": str(work.source),
        "as": str(work.becomes),
        "file": str(work.file),
        "sha256": batch.file,
        "applied": applied,
        "rows": found.rows,
        "new": found.new,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "open": found.open,
        "ended": found.ended,
        "earliest": _zulu(found.earliest),
        "latest": _zulu(found.latest),
        "first": found.first or None,
        "last": found.last or None,
        "refused": found.refused,
        "refused_in_all": found.refused_in_all,
        "worked_on_here": found.worked_on_here,
        "left_out": dict(sorted(found.left_out.items())),
        "unmatched": batch.known.unmatched.as_dict(),
        "notes": found.notes,
    }


def _zulu(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _lines(found: "Report", told: dict[str, Any]) -> Iterator[str]:
    does = "became" if told["applied"] else "would become"
    yield f"{told['file']}: {found.rows} row{'' if found.rows == 1 else 's'} of {Source(told['source']).label}"
    where = f", {found.first}" if found.first else ""
    where += f" to {found.last}" if found.last != found.first else ""
    what = f"a new {told['as']}" if found.new == 1 else f"new {told['as']}s"
    yield f"  {found.new} {does} {what}{where}"
    again = ("was" if found.changed == 1 else "were") if told["applied"] else "would be"
    yield f"  {found.changed} {again} brought up to date, {found.unchanged} {_are(found.unchanged)} here already"
    if told["earliest"]:
        yield (
            f"  {found.open} {_are(found.open)} open and {found.ended} {_are(found.ended)} done with; "
            f"opened {told['earliest']} to {told['latest']}"
        )
    for name, times in told["left_out"].items():
        yield f"  left out: {times} of the type “{name}” (take them with --take)"
    for name, title in (("people", "nobody here"), ("services", "no service here"), ("groups", "no group here")):
        yield from _some([f"“{one['said']}” ({one['times']})" for one in told["unmatched"][name]], f"  {title}: ")
    for title, rows in (("", found.refused), ("note: ", found.notes), ("kept: ", found.worked_on_here)):
        yield from _some([f"{title}{told['file']}:{one['line']}: {one['because']}" for one in rows], "  ")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _some(said: list[str], lead: str) -> Iterator[str]:
    for one in said[:SHOWN_MOST]:
        yield f"{lead}{one}"
    if len(said) > SHOWN_MOST:
        yield f"{lead}and {len(said) - SHOWN_MOST} more; --json has them"


def _rotas(file: Path, how: How, *, apply: bool, as_json: bool) -> None:
    """Raises UnreadableImport."""
    from bot.rules.imports import chunks, rotas
    from bot.rules.policy.policy import PolicyFaults, parse

    try:
        text = "".join(chunks.decoded([file.read_bytes()], how.mapped.encoding))
        found = rotas.moved(rotas.values(text), how.mapped)
    except OSError as fault:
        raise UnreadableImport(file=file, because=fault.strerror or "it cannot be opened") from None
    except FileFault as fault:
        raise UnreadableImport(file=file, because=fault) from None
    faults: list[str] = []
    try:
        parse(found.toml)
    except PolicyFaults as wrong:
        faults = [str(one) for one in wrong.faults]
    told = {
        "source": "oncall",
        "file": str(file),
        "rotas": found.rotas,
        "left_out": found.left_out,
        "unmatched": {"people": [{"said": one, "times": times} for one, times in sorted(found.unmatched.items())]},
        "faults": faults,
        "toml": found.toml,
    }
    if as_json:
        say_json(told)
    elif apply:
        say(found.toml.rstrip("\n"))
    for line in [] if as_json else _rota_lines(told):
        say(line, error=apply)
    if faults:
        raise typer.Exit(1)


def _rota_lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['file']}: {len(told['rotas'])} rotas for the policy"
    yield from (f"  [rotas.{key}]" for key in told["rotas"])
    yield from (f"  left out: {one['name']}: {one['because']}" for one in told["left_out"])
    yield from (f"  nobody here: “{one['said']}” ({one['times']})" for one in told["unmatched"]["people"])
    yield from (f"  the policy would refuse it: {one}" for one in told["faults"])
