"""An evidence pack put together, part by part: what is on record of a period, as a checkpoint vouches for it."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso import pack, pages, sampling, wording
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis
from bot.rules.iso.pack import About, LeftOut, Part
from bot.rules.iso.populations import POPULATIONS, Population
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.record.refs import Noun
from bot.rules.report import wording as report_wording
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measures import MEASURES
from bot.usecases.iso.standing import standing
from bot.usecases.report import sampling as report_sampling
from storage.iso import clauses, contents, proofs
from storage.iso.frozen import Frozen

PAGE = 500
"""Records in a file."""
SAMPLED = 25
Progress = Callable[[int, int], None]
"""How many records of how many are done."""


@dataclass
class Packing:
    about: About
    frozen: Frozen
    checkpoints: Sequence[Checkpoint]
    progress: Progress = lambda _done, _of: None
    left_out: list[LeftOut] = field(default_factory=list)
    done: int = 0

    @property
    def whole(self) -> int:
        return sum(len(self.frozen.active.get(one.noun, ())) for one in POPULATIONS.values())


async def parts(tx: AsyncSession, packing: Packing, verifier: bytes) -> AsyncIterator[Part]:
    """All but the manifest, in the order in which they stand. Raises BrokenTree."""
    about = packing.about
    yield Part("VERIFY.md", pack.how_to_verify(about), "How to check this pack.")
    yield Part("verify.py", verifier, "Checks this pack with Python's standard library alone.")
    for one in _journal(packing):
        yield one
    for one in _definitions():
        yield one
    counted = await report_sampling.streamed(tx, about.period, min(about.point.at, about.period.end))
    async for one in _standing(tx, packing, counted):
        yield one
    async for one in _policies(tx, about):
        yield one
    async for one in _documents(tx, about):
        yield one
    for one in _figures(counted):
        yield one
    del counted
    async for one in _samples(tx, packing):
        yield one
    for population in POPULATIONS.values():
        async for one in _records(tx, packing, population):
            yield one
    why = "Their commitments are in the facts: each text can be shown and checked by itself."
    packing.left_out.append(LeftOut("Words that people typed in facts.", why))
    packing.left_out.append(LeftOut("Records to which nothing happened in the period.", "They are not of the period."))


def _journal(packing: Packing) -> Iterator[Part]:
    yield Part(
        "journal/leaves.txt", packing.frozen.leaves.lines(), "The hash of each fact of the journal, in order.", ("7.5",)
    )
    points = "".join(f"{one.line}\n" for one in packing.checkpoints).encode()
    yield Part("journal/checkpoints.txt", points, "The checkpoints, the newest last.", ("7.5",))


def _definitions() -> Iterator[Part]:
    every = [
        {"clause": one.number, "title": one.title, "asks": one.asks}
        | {str(axis): [{"asks": each.says, "query": each.query} for each in one.criteria(axis)] for axis in Axis}
        for one in CLAUSES.values()
    ]
    yield Part(
        "definitions/clauses.json", pack.pretty(every), "What counts as evidence of each clause.", tuple(CLAUSES)
    )
    measures = {one.name: {"title": one.title, **dict(report_wording.definition(one))} for one in MEASURES.values()}
    yield Part("definitions/figures.json", pack.pretty(measures), "How each figure is counted.", ("9.1",))


async def _standing(tx: AsyncSession, packing: Packing, counted: Mapping[str, Figure]) -> AsyncIterator[Part]:
    """As of the end of the period, or of the checkpoint where that is earlier."""
    about = packing.about
    at = min(about.point.at, about.period.end)
    found = await standing(tx, at, period=about.period, known=counted)
    packing.left_out += [LeftOut(f"{name} as evidence of clauses: it is out of scope.", why)
                         for name, why in found.outside.items()]  # fmt: skip
    told = [wording.as_dict(one) for one in found.assessed]
    yield Part("clauses.json", pack.pretty(told), "How each clause stood at the end of the period.", tuple(CLAUSES))
    body = [*pages.clauses(told), *(line for one in told for line in pages.evidence(one))]
    page = pages.page(f"Clauses, {about.named}", body).encode()
    yield Part("clauses.html", page, "The same to read.", tuple(CLAUSES))
    said = sorted((await clauses.said(tx)).values(), key=lambda one: (CLAUSES[one.clause].order, one.axis))
    judged = [
        {"clause": one.clause, "axis": one.axis, "status": one.status, "by": one.by, "at": wording.zulu(one.at),
         "until": one.until.isoformat(), "reason": one.reason, "rests_on": one.subject or None}
        for one in said
    ]  # fmt: skip
    numbers = tuple(dict.fromkeys(one.clause for one in said))
    yield Part("judgements.json", pack.pretty(judged), "What people said of clauses, the newest of each axis.", numbers)


async def _policies(tx: AsyncSession, about: About) -> AsyncIterator[Part]:
    for one in await contents.policies(tx, about.period.start, about.period.end):
        since = wording.zulu(one.since)
        yield Part(
            f"policies/version-{one.id}.toml", one.text.encode(), f"Policy version {one.id}.", ("7.5", "8.1"), since
        )


async def _documents(tx: AsyncSession, about: About) -> AsyncIterator[Part]:
    """Each version that was in force in the period, as it was approved."""
    until = min(about.period.end, about.point.at)
    for one, numbers in await contents.documents(tx, about.period.start, until):
        since = wording.zulu(one.effective_at) if one.effective_at else ""
        ref = f"{Noun.DOCUMENT}-{one.document}"
        what = f"{ref} version {one.version}: {one.title}. Approved by somebody who did not write it."
        yield Part(f"documents/{ref}-version-{one.version}.md", one.text.encode(), what, tuple(numbers), since)


def _figures(counted: Mapping[str, Figure]) -> Iterator[Part]:
    for name, measure in MEASURES.items():
        found = counted[name]
        told = {"figure": name, "sentence": report_wording.sentence(measure, found), **_figured(found)}
        yield Part(f"figures/{name}.json", pack.pretty(told), f"{measure.title}, with the records behind it.", ("9.1",))


def _figured(found: Figure) -> dict[str, Any]:
    spread = {"value": found.value, "n": found.n, "mean": found.mean, "median": found.median, "p90": found.p90}
    left_out = {reason: list(refs) for reason, refs in found.left_out.items()}
    return spread | {"counted": [list(one) for one in found.counted], "left_out": left_out}


async def _samples(tx: AsyncSession, packing: Packing) -> AsyncIterator[Part]:
    about, samples = packing.about, dict[str, tuple[Sequence[str], sampling.Sample]]()
    for name in POPULATIONS:
        if members := packing.frozen.members(name, about.period):
            refs = [one.ref for one in members]
            samples[name] = refs, sampling.draw(refs, about.point.root, about.word, SAMPLED)
    facts = {name: await contents.facts(tx, packing.frozen, one.drawn) for name, (_, one) in samples.items()}
    paths = proofs.paths(packing.frozen, (row for one in facts.values() for rows in one.values() for row in rows))
    for name in POPULATIONS:
        if moved_in := packing.frozen.moved_in(name, about.period):
            what = f"Of {name}, in samples and measures: those that were moved in from another tool."
            packing.left_out.append(LeftOut(what, "They are no evidence of this desk.", moved_in))
    for name, (whole, drawn) in samples.items():
        told = {
            "algorithm": sampling.ALGORITHM, "word": drawn.word, "seed": drawn.seed, "population": whole,
            "population_hash": drawn.population_hash, "sample": list(drawn.drawn),
            "facts": [proofs.proved(row, paths) for ref in drawn.drawn for row in facts[name][ref]],
        }  # fmt: skip
        what = f"{len(drawn.drawn)} of {len(whole)} {name}, drawn by the root and the word, with proofs."
        yield Part(f"samples/{name}.json", pack.lines([told]), what, pack.clauses_of(name))


async def _records(tx: AsyncSession, packing: Packing, population: Population) -> AsyncIterator[Part]:
    """Those to which anything happened in the period, so many to a file."""
    noun, about = population.noun, packing.about
    numbers = sorted(packing.frozen.active.get(noun, ()))
    asked, private = pack.clauses_of(population.name), list[str]()
    for at in range(0, len(numbers), PAGE):
        some = numbers[at : at + PAGE]
        found = await contents.rows(tx, noun, some)
        facts = await contents.facts(tx, packing.frozen, [ref for ref, _, _ in found])
        told: list[dict[str, Any]] = [
            {"ref": ref, "private": hidden, "columns": columns, "facts": [proofs.hashed(row) for row in facts[ref]]}
            for ref, hidden, columns in found
        ]
        private += [ref for ref, hidden, _ in found if hidden]
        path, which = f"records/{population.name}-{at // PAGE + 1:04d}", f"{noun}-{some[0]} to {noun}-{some[-1]}"
        yield Part(f"{path}.jsonl", pack.lines(told), f"{which}, with their facts.", asked)
        body = [line for one in told for line in pages.record(one["ref"], one["columns"], one["facts"])]
        page = pages.page(f"{population.name}, {about.named}: {which}", body).encode()
        yield Part(f"{path}.html", page, f"{which}, to read.", asked)
        packing.done += len(some)
        packing.progress(packing.done, packing.whole)
    _leave_out(packing, noun, private, bool(numbers))


def _leave_out(packing: Packing, noun: Noun, private: Sequence[str], any_told: bool) -> None:
    known = contents.columns(noun)
    if private:
        what = f"Of private records: {', '.join(known.unless_private)}."
        packing.left_out.append(LeftOut(what, "Only those may read them who may see them.", private))
    if known.left_out and any_told:
        names = ", ".join(known.left_out)
        packing.left_out.append(LeftOut(f"Of {noun} records: {names}.", "A person's own words can be erased."))
