"""What verifying a journal comes to: stretches put together, and held against the checkpoints that were kept of it."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.rules.journal import number_ranges
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.journal.merkle import Frontier
from storage.journal.check import STRETCH, Found
from storage.journal.leaf_hash import GENESIS

if TYPE_CHECKING:
    from bot.rules.journal.signing import Public


@dataclass(frozen=True)
class KeptCheckpoint:
    """A checkpoint, and where it was kept."""

    where: str
    point: Checkpoint
    peaks: str | None = None
    """The frontier that was kept with it."""


@dataclass
class Report:
    """`faults` is empty when all is as it was sealed."""

    facts: int = 0
    root: str = ""
    unsealed: int = 0
    erased: int = 0
    """Facts whose words were erased, as is on record."""
    fitting: Counter[str] = field(default_factory=Counter)
    """How many checkpoints fit, by where they were kept."""
    newest: Checkpoint | None = None
    """The last that fits."""
    signed: int = 0
    """How many carry a good signature of a key that was given."""
    faults: list[str] = field(default_factory=list)


class Verifier:
    """Takes stretches in order; `verdict` says what they come to."""

    def __init__(self, last: int, witnesses: Iterable[KeptCheckpoint], keys: Sequence["Public"] = ()) -> None:
        self.last, self.keys = last, {key.id: key for key in keys}
        self.witnesses = sorted(witnesses, key=lambda one: one.point.size)
        self.sizes: list[list[int]] = [[] for _ in range(0, last, STRETCH)]
        """Sizes of trees that are asked for, by stretch."""
        for one in self.witnesses:
            if one.point.size <= last:
                self.sizes[(one.point.size - 1) // STRETCH].append(one.point.size)
        self._frontier, self._previous = Frontier(), GENESIS
        self._trees: dict[int, Frontier] = {}
        self._faults: list[str] = []
        self._wordless: list[tuple[int, int]] = []
        self._erased: list[str] = []

    def take(self, found: Found) -> None:
        if found.begins_after not in (None, self._previous):
            self._faults.append(f"Fact {found.first} does not follow from the one before it.")
        self._faults += found.faults
        self._wordless += found.wordless
        self.erasures(found.erased)
        grown = {size: self._frontier.with_subtrees(trees) for size, trees in found.trees.items()}
        self._trees |= {size: grown[size] for size in self.sizes[(found.first - 1) // STRETCH]}
        self._frontier = grown[max(grown)]
        self._previous = found.ends_with or self._previous

    def erasures(self, data: Iterable[str]) -> None:
        """The data of facts that say which words were erased."""
        for one in data:
            try:
                told = json.loads(one)["facts"]
            except (ValueError, LookupError, TypeError):
                continue  # not as it was sealed, which is told already
            self._erased += map(str, told)

    def verdict(self, *, with_words: bool = True) -> Report:
        report = Report(self.last, self._frontier.root.hex(), faults=self._faults)
        if with_words:
            self._judge_words(report)
        self._judge_checkpoints(report)
        self._judge_signatures(report)
        return report

    def _judge_words(self, report: Report) -> None:
        erased = number_ranges.holding(self._erased)
        gone = [seq for seq, fact in self._wordless if not erased(fact)]
        report.faults += [f"The words of fact {seq} are gone, and no erasure is on record." for seq in gone]
        report.erased = len(self._wordless) - len(gone)

    def _judge_checkpoints(self, report: Report) -> None:
        unfit: dict[str, list[str]] = {}
        for one in self.witnesses:
            fault = self._unfit(one, report.newest.size if report.newest else 0)
            if fault:
                unfit.setdefault(one.where, []).append(fault)
                continue
            report.fitting[one.where] += 1
            report.newest = one.point
        for where, (first, *more) in unfit.items():
            also = f" {len(more)} more of {where} do not fit either." if more else ""
            report.faults.append(f"{first}{also}")

    def _unfit(self, one: KeptCheckpoint, good: int) -> str | None:
        """`good`: so many facts are those of an earlier checkpoint."""
        point = one.point
        told = f"the checkpoint of {point.at:%Y-%m-%d %H:%M:%S} UTC ({one.where})"
        if point.size > self.last:
            gone = f"the last {point.size - self.last} were cut off"
            return f"The journal ends at fact {self.last}, but {told} counted {point.size}: {gone}."
        tree = self._trees[point.size]
        if tree.root.hex() != point.root:
            among = f"fact {point.size}" if good + 1 == point.size else f"facts {good + 1} to {point.size}"
            return f"The journal is not the one that {told} was made of: among {among} at least one is another."
        peaks = "".join(peak.hex() for peak in tree.peaks)
        if one.peaks not in (None, peaks) or point.at.microsecond:
            return f"What stands beside {told} is not as it was written."
        return None

    def _judge_signatures(self, report: Report) -> None:
        """With a key given, whatever was made after the first that is signed must be signed too."""
        if not self.keys:
            return
        begun, unsigned = False, list[str]()
        for point in (one.point for one in self.witnesses):
            key = self.keys.get(point.key or "")
            good = key is not None and key.signed(point)
            report.signed += good
            if not good and (begun or point.key):
                unsigned.append(f"The checkpoint at fact {point.size} is not signed by the key that was given.")
            begun = begun or good
        report.faults += unsigned[:1] + ([f"{len(unsigned) - 1} more are not."] if len(unsigned) > 1 else [])
