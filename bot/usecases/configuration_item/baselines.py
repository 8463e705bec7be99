"""Baselines: how the items stood, by a place in the journal and a digest of them all, and what differs since."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.diagram import UNNAMED
from bot.rules.configuration_item.differences import KINDS, Difference, since
from bot.rules.configuration_item.export import as_csv
from bot.rules.configuration_item.refusals import BaselineThere, NoSuchBaseline
from bot.rules.policy_format.hints import nearest
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import from_to, instant, one_line
from bot.usecases.configuration_item import access, every_item
from bot.usecases.policy import in_force
from storage.configuration_item import baselines, items, search
from storage.journal import journal
from storage.tables import ConfigurationItem

NAME_MOST, LISTED_MOST, FACTS_MOST = 60, 20, 200_000


@dataclass(frozen=True)
class Baseline:
    name: str
    at: datetime
    by: str
    count: int
    digest: str


@dataclass(frozen=True)
class Differences:
    baseline: Baseline
    found: Mapping[str, Difference]
    items: Mapping[str, ConfigurationItem]
    is_cut: bool = False
    """Whether there was more than is ever looked at."""
    hidden: Mapping[str, int] = field(default_factory=dict)
    """How many more were added, retired and changed that are not for who asks."""

    def groups(self) -> dict[str, list[str]]:
        """References by what became of the items."""
        return {
            "added": [ref for ref, one in self.found.items() if one.added],
            "retired": [ref for ref, one in self.found.items() if one.retired],
            "changed": [ref for ref, one in self.found.items() if not one.added and not one.retired],
        }

    def as_dict(self) -> dict[str, Any]:
        kept = self.baseline
        told = {"name": kept.name, "at": kept.at.isoformat(), "items": kept.count, "sha256": kept.digest}
        groups = {word: [self._entry(ref, word) for ref in refs] for word, refs in self.groups().items()}
        return {"baseline": told, "complete": not self.is_cut, **groups}

    def lines(self) -> Iterator[str]:
        for word, refs in self.groups().items():
            yield f"{len(refs)} {word}"
            for ref in refs:
                item, fields = self.items.get(ref), self.found[ref].fields if word == "changed" else {}
                said = "; ".join(f"{name} {from_to(before, after)}" for name, (before, after) in fields.items())
                yield f"  {item.type} {ref}, “{item.name}”{f': {said}' if said else ''}" if item else f"  {ref}"

        if self.is_cut:
            yield f"More than {FACTS_MOST:,} changes were made since; those behind them are not in it."

    def _entry(self, ref: str, word: str) -> dict[str, Any]:
        item = self.items.get(ref)
        told = {"ref": ref} | ({"type": item.type, "key": item.key, "name": item.name} if item else {})
        changes = {name: list(pair) for name, pair in self.found[ref].fields.items()}
        return told | ({"changes": changes} if word == "changed" else {})


async def keep(tx: AsyncSession, name: str, *, by: str, now: datetime) -> Baseline:
    """Raises FormRefused, BaselineThere, NotAllowed."""
    await access.require_manager(tx, by, "keep a baseline")
    name = one_line(name)
    if not name or len(name) > NAME_MOST:
        raise FormRefused({"title": f"Say what it is called, in up to {NAME_MOST} characters."})
    if there := await baselines.named(tx, name):
        raise BaselineThere(name=name, when=instant(there.at))
    desk, every, digest = await in_force(tx), await every_item.read(tx), hashlib.sha256()
    for line in as_csv(every.items, every.schema, every.store):
        digest.update(line.encode())
    data: dict[str, Datum] = {"items": len(every.items), "digest": digest.hexdigest()}
    fact = Fact(FactKind.CI_BASELINED, baselines.SUBJECT + name, by, now, desk.version, data)
    await journal.record(tx, fact)
    return Baseline(name, now, by, len(every.items), digest.hexdigest())


async def listed(tx: AsyncSession) -> Sequence[Baseline]:
    found = []
    for one in await baselines.every(tx, LISTED_MOST):
        data = json.loads(one.data)
        name = one.subject.removeprefix(baselines.SUBJECT)
        found.append(Baseline(name, one.at, one.by, int(data["items"]), str(data["digest"])))
    return found


async def diff(tx: AsyncSession, name: str, by: str) -> Differences:
    """What was added, retired and changed since, as far as this person may see it. Raises NoSuchBaseline."""
    entry, known = await baselines.named(tx, one_line(name)), await listed(tx)
    if entry is None or entry.id is None:
        close = nearest(name, [one.name for one in known])
        hint = f"Did you mean “{close}”?" if close else "`/ci baselines` lists them."
        raise NoSuchBaseline(name=name[:NAME_MOST], known=hint)
    kept = json.loads(entry.data)
    baseline = Baseline(one_line(name), entry.at, entry.by, int(kept["items"]), str(kept["digest"]))
    told = await baselines.told_since(tx, entry.id, KINDS, FACTS_MOST)
    found = since(told)
    rows: dict[int, ConfigurationItem] = {}
    related = {ref for one in found.values() for ref in one.related}
    for some in items.batches([of_subject(ref).number for ref in sorted({*found, *related})]):
        rows |= await search.numbered(tx, some)
    viewer = await access.viewer_of(tx, by)
    hidden = {str(one.ref) for one in rows.values() if not viewer.see(one)}
    named = {str(one.ref): one for one in rows.values() if viewer.see(one)}
    every = Differences(baseline, found, named, len(told) == FACTS_MOST)
    if not hidden:
        return every
    shown = {ref: one.without(hidden, UNNAMED) for ref, one in found.items() if ref not in hidden}
    left_out = {word: len(hidden.intersection(refs)) for word, refs in every.groups().items()}
    return replace(every, found=shown, hidden=left_out)
