"""`deskbell audit sample | proof`: records that nobody could choose, and proofs that facts are on record."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.errors import of_system
from bot.cli.output import say, say_json
from bot.cli.policy.deadline import zulu
from bot.rules.iso import periods, sampling
from bot.rules.iso.refusals import NoCheckpoint, NothingSealed, NothingToSample
from bot.rules.record.refusals import Refusal
from bot.rules.report.measures.measure import MOVED_IN
from bot.settings import LocalSettings, load_local

if TYPE_CHECKING:
    from bot.rules.iso.populations import Population
    from bot.rules.journal.checkpoints import Checkpoint
    from bot.rules.report.periods import Period
    from bot.usecases.iso.freezing import Sign
    from storage.iso.frozen import Frozen

Size = Annotated[int | None, typer.Option("--checkpoint", min=1, help="Of so many facts; the newest if left out.")]
File = Annotated[Path | None, typer.Option("--export", help="An export of the journal instead of the database.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@dataclass(frozen=True)
class Drawn:
    population: "Population"
    period: "Period"
    frozen: "Frozen"
    refs: Sequence[str]
    moved_in: Sequence[str]
    sample: sampling.Sample
    asked: int


def sample(
    population: Annotated[str, typer.Option(help="incidents, requests, problems, changes, actions, …")],
    period: Annotated[str, typer.Option(help="When they began: 2026-Q1, 2026-03, 2026.")],
    word: Annotated[str, typer.Option(help="What the auditor says once the checkpoint is known.")],
    size: Annotated[int, typer.Option(min=1, help="How many.")] = 25,
    checkpoint: Size = None,
    export: File = None,
    seal: Annotated[bool, typer.Option("--seal", help="First seal what waits and make a checkpoint over it.")] = False,
    audit: Annotated[str, typer.Option("--audit", help="Keep it for an internal audit, like AUD-1.")] = "",
    as_json: AsJson = False,
) -> None:
    """Draw records that nobody can steer: the same checkpoint and word give the same sample, also from an export."""
    with refusals():
        kind, within, said = sampling.population_named(population), periods.named(period), sampling.word_of(word)
        frozen = _frozen(load_local(), export, checkpoint, seal=seal)
        refs = [one.ref for one in frozen.members(kind.name, within)]
        moved_in = frozen.moved_in(kind.name, within)
        if not refs:
            raise _nothing(kind.name, within, frozen, len(moved_in))
        drawn = Drawn(kind, within, frozen, refs, moved_in, sampling.draw(refs, frozen.point.root, said, size), size)
        own = _keep(drawn, audit, period) if audit else []
    if as_json:
        say_json(as_dict(drawn) | ({"audit": audit, "auditor_acted_in": own} if audit else {}))
        return
    if own:
        say(f"The auditor acted in {', '.join(own)}: somebody else must look at these.", error=True)
    for line in _lines(drawn):
        say(line)


def proof(
    record: Annotated[str, typer.Argument(help="A record, like INC-12.")],
    checkpoint: Size = None,
    export: File = None,
    as_json: AsJson = False,
) -> None:
    """Prove that the facts of a record are in the journal that a checkpoint vouches for (RFC 9162)."""
    from bot.rules.iso.refusals import NothingProved
    from storage.iso import proofs

    with refusals():
        subject = record.strip().upper()
        frozen = _frozen(load_local(), export, checkpoint, keep=[subject])
        if subject not in frozen.facts:
            raise NothingProved(ref=record.strip()[:40], size=frozen.point.size)
        rows = frozen.facts[subject]
        known = proofs.paths(frozen, rows)
        told = [proofs.proved(row, known) for row in rows]
    if as_json:
        say_json({"checkpoint": frozen.point.line, "record": subject, "facts": told})
        return
    say(f"{subject}: {len(told)} facts are in the journal of {frozen.point.size:,} facts.")
    say(frozen.point.line)
    for one in told:
        steps = len(one["proof"])
        say(f"  fact {one['seq']}: {one['kind']} at {one['at']}, leaf {one['leaf']}, {steps} hashes to the root")


def _keep(drawn: Drawn, typed: str, period: str) -> list[str]:
    """For an audit. Raises UnknownReference, NoSuchRecord, AuditFixed."""
    from bot.cli.transaction import run
    from bot.rules.record.facts import OPERATOR
    from bot.rules.record.refs import Noun, Ref
    from bot.usecases.audit import audits
    from storage.tables import AuditSample

    ref, found = Ref.parse(typed, Noun.AUDIT), drawn.sample
    row = AuditSample(
        audit=ref.number, number=0, population=drawn.population.name, period=period, size=drawn.asked, word=found.word,
        seed=found.seed, population_hash=found.population_hash, refs=" ".join(found.drawn), at=drawn.frozen.point.at,
    )  # fmt: skip
    kept: list[str] = run(lambda tx, now: audits.sample(tx, ref, row, by=OPERATOR, now=now), writes=True)
    return kept


def as_dict(drawn: Drawn) -> dict[str, Any]:
    point = drawn.frozen.point
    return {
        "algorithm": sampling.ALGORITHM,
        "population": drawn.population.name,
        "from": zulu(drawn.period.start),
        "to": zulu(drawn.period.end),
        "checkpoint": {"size": point.size, "root": point.root, "at": zulu(point.at), "line": point.line},
        "word": drawn.sample.word,
        "seed": drawn.sample.seed,
        "population_size": len(drawn.refs),
        "population_hash": drawn.sample.population_hash,
        "size": len(drawn.sample.drawn),
        "asked_for": drawn.asked,
        "sample": list(drawn.sample.drawn),
        "left_out": {MOVED_IN: list(drawn.moved_in)} if drawn.moved_in else {},
    }


def _lines(drawn: Drawn) -> Iterator[str]:
    point, whole = drawn.frozen.point, len(drawn.refs)
    yield f"{len(drawn.sample.drawn)} of {whole:,} {drawn.population.name} that began in {periods.shown(drawn.period)}:"
    yield from (f"  {ref}" for ref in drawn.sample.drawn)
    if drawn.asked > whole:
        yield f"{drawn.asked} were asked for; there are no more."
    if drawn.moved_in:
        yield sampling.moved_in(len(drawn.moved_in))
    yield f"Frozen at {point.line}"
    yield f"Population {drawn.sample.population_hash}"
    yield f"Seed {drawn.sample.seed}, of the root and the word “{drawn.sample.word}”."
    if point.at < drawn.period.end:
        yield f"The checkpoint is from {zulu(point.at)}: the period was not over. --seal makes a newer one."
    yield "The same checkpoint and word draw the same again, also from `deskbell audit export`: --export FILE."


def _frozen(
    settings: LocalSettings, export: Path | None, size: int | None, *, seal: bool = False, keep: Sequence[str] = ()
) -> "Frozen":
    """The journal up to the checkpoint that was named, or the newest. Raises Unreadable, and refusals."""
    from bot.cli.audit import source_of
    from bot.cli.database import require
    from storage.iso import frozen
    from storage.journal import export as journal_export

    if export is not None:
        point = _chosen(journal_export.checkpoints(export), size)
        if point is None:
            raise NothingSealed
        return frozen.read(journal_export.facts(export), point, keep)
    require(settings.database_url.get_secret_value())
    source = source_of(settings)
    for fresh in (seal, True):
        if fresh:
            asyncio.run(_freeze(settings))
        with source.opened() as reading:
            point = _chosen([one.point for one in reading.checkpoints()], size)
            if point is not None:
                with closing(frozen.rows_of(reading, point.size)) as rows:
                    return frozen.read(rows, point, keep)
    raise NothingSealed


def _chosen(points: "Sequence[Checkpoint]", size: int | None) -> "Checkpoint | None":
    """None where there is none at all. Raises NoCheckpoint."""
    if size is None:
        return points[-1] if points else None
    found = next((one for one in points if one.size == size), None)
    if found is None:
        known = ", ".join(f"{one.size}" for one in points[-5:]) or "none"
        raise NoCheckpoint(size=size, known=known)
    return found


async def _freeze(settings: LocalSettings) -> None:
    """Raises SchemaUnfit."""
    from bot.cli.database import opened, require
    from bot.usecases.iso.freezing import freeze

    url = settings.database_url.get_secret_value()
    require(url)
    async with opened(url) as database, database.begin() as tx:
        await freeze(tx, datetime.now(UTC), signing_of(settings))


def signing_of(settings: LocalSettings) -> "Sign":
    """Without a key, checkpoints stand unsigned."""
    from bot.rules.journal import signing

    if settings.audit_key is None:
        return lambda point: point
    return signing.signer(settings.audit_key.get_secret_value()).sign


def _nothing(population: str, period: "Period", frozen: "Frozen", moved_in: int) -> NothingToSample:
    point = frozen.point
    more = (
        "The period was not over then: --seal makes a checkpoint of now."
        if point.at < period.end
        else "Is the period right?"
    )
    return NothingToSample(
        size=point.size,
        at=zulu(point.at),
        population=population,
        period=periods.shown(period),
        more=f"{sampling.moved_in(moved_in)} {more}" if moved_in else more,
    )


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused, or cannot be read, is a sentence and exit code 1."""
    from storage.db.schema import SchemaUnfit
    from storage.journal.readers import Unreadable

    try:
        yield
    except (Refusal, Unreadable, SchemaUnfit, OSError) as fault:
        told = of_system(fault) if isinstance(fault, OSError) else str(fault)
        say(told, error=True)
        raise typer.Exit(1) from None
