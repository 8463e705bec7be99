"""What a criterion came to, and what mends it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.iso.criteria import (
    READINGS,
    Asked,
    Axis,
    Criterion,
    InForce,
    Judged,
    Measured,
    Planned,
    Records,
    Result,
    Rules,
    Sealed,
    Status,
)


@dataclass(frozen=True)
class Finding:
    clause: str
    axis: Axis
    criterion: Criterion
    status: Status
    says: str = ""
    n: int = 0
    complete: int = 0
    refs: tuple[str, ...] = ()
    since: datetime | None = None
    """When the newest piece of it is from."""
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by: str = ""
    """Whose judgement it is."""
    counts: bool = True
    """Whether it counts for the axis."""

    def judged(self, status: Status, says: str, *, counts: bool = True) -> "Finding":
        return replace(self, status=status, says=says, counts=counts)

    @property
    def mend(self) -> str:
        """What to do next; empty where nothing is to be done."""
        if self.status is Status.CONFORMING or not self.counts:
            return ""
        match self.criterion:
            case Records(population=population) if self.lacking:
                return f"Complete {', '.join(ref for ref, _ in self.lacking[:3])} (`{population}`)."
            case Records(population=population):
                return f"Record {population.replace('-', ' ')} where the work is done, and keep them up to date."
            case Rules(sections=sections):
                return f"Say it in the policy ({', '.join(f'[{one}]' for one in sections)}), or look it through again."
            case InForce(document=document):
                return f"Put a document in force: {document}."
            case Planned(kept_by=kept_by) if kept_by == READINGS:
                return "Put a document in force for this clause, and ask groups to read it: `/document readers`."
            case Planned(kept_by="surveys", every=every):
                often = f"at least every {every.days} days"
                return f"Have the policy send surveys ([surveys]), or raise an action that repeats {often}, and do it."
            case Planned(every=every):
                return f"Raise an action that repeats at least every {every.days} days, and do it."
            case Result():
                return "Raise an action that brings the figure to its target."
            case Measured():
                return "Record the work in Deskbell, so that figures have something to count."
            case Sealed():
                return "Let Deskbell run: it seals and makes checkpoints by itself. `deskbell audit verify` says more."
            case Judged() | Asked():
                return "Have somebody who can tell judge it, with a reason."
