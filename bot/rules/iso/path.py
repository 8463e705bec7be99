"""The seven steps of a certification, as the path of the product: which one an organisation is at, and what is next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.rules.iso.assessment import Assessment
from bot.rules.iso.criteria import Axis, Status


class Step(IntEnum):
    UNDERSTAND = 1
    GAP_ANALYSIS = 2
    PLAN = 3
    IMPLEMENT = 4
    INTERNAL_AUDIT = 5
    MANAGEMENT_REVIEW = 6
    CERTIFICATION_AUDIT = 7

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


NEXT: Mapping[Step, str] = {
    Step.UNDERSTAND: "Read the standard, look at a clause with `/iso 4.1`, and begin with `/iso walk`.",
    Step.GAP_ANALYSIS: "`/iso walk` goes on with the first clause that nobody has gone through.",
    Step.PLAN: "Give each clause that has a gap an action: *Mend* beside it.",
    Step.IMPLEMENT: "Work in Deskbell, put documents in force, and mend what is stale.",
    Step.INTERNAL_AUDIT: "Have somebody audit it who does not audit their own work: `/iso 9.2`.",
    Step.MANAGEMENT_REVIEW: "Look at the whole with top management, and decide: `/iso 9.3`.",
    Step.CERTIFICATION_AUDIT: "`deskbell iso pack` puts the evidence of a period together for the auditor.",
}
_LAST = ("9.2", "9.3")
"""Clauses that are steps of their own."""


@dataclass(frozen=True)
class Standing:
    step: Step
    gone_through: int
    """Clauses of which somebody has judged an axis, and the judgement has not lapsed."""
    of: int

    @property
    def says(self) -> str:
        if self.step is Step.GAP_ANALYSIS:
            return f"{self.gone_through} of {self.of} clauses were gone through. {NEXT[self.step]}"
        return NEXT[self.step]


def standing(assessed: Sequence[Assessment], gone_through: Collection[str], planned: Collection[str]) -> Standing:
    """`gone_through`: clauses that were judged; `planned`: clauses that have an action."""
    whole = len(assessed)
    return Standing(_step(assessed, gone_through, planned), len(set(gone_through)), whole)


def _step(assessed: Sequence[Assessment], gone_through: Collection[str], planned: Collection[str]) -> Step:
    if not gone_through:
        return Step.UNDERSTAND
    if any(one.clause.number not in gone_through for one in assessed):
        return Step.GAP_ANALYSIS
    gaps = {one.clause.number for one in assessed if one.severity}
    if gaps - set(planned):
        return Step.PLAN
    if gaps - set(_LAST):
        return Step.IMPLEMENT
    done = {one.clause.number: one.axes[Axis.DONE] is Status.CONFORMING for one in assessed}
    if not done.get(_LAST[0], False):
        return Step.INTERNAL_AUDIT
    return Step.CERTIFICATION_AUDIT if done.get(_LAST[1], False) else Step.MANAGEMENT_REVIEW
