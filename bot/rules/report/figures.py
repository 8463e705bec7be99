"""A figure: what a measure comes to in a period, with n, what was left out and why, and the records behind it.

Nothing that is unknown counts as 0. It is left out, and the figure says how much and why.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rules.report.measures.measure import Counted, LeftOut, Measure, Record, Unit
from bot.rules.report.periods import Period
from bot.rules.report.records import Records, in_order

P90 = 0.9
BANDS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""The ages that a backlog is divided at."""


@dataclass(frozen=True)
class Figure:
    measure: str
    period: Period
    as_of: datetime
    """What is known at this instant. A later one may differ: an incident is reopened, a breach is excused."""
    counted: Sequence[tuple[str, float]] = ()
    """The records that count, each with its value in the measure's unit."""
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """References by the reason for which they are left out."""
    value: float | None = None
    """The share, the median, the number or the rate; None where nothing counts."""
    mean: float | None = None
    median: float | None = None
    p90: float | None = None

    @property
    def n(self) -> int:
        return len(self.counted)

    @property
    def numerator(self) -> Sequence[str]:
        """Of a share: the records that have what it asks for."""
        return [ref for ref, value in self.counted if value]

    @property
    def others(self) -> Sequence[str]:
        """Of a share: the rest."""
        return [ref for ref, value in self.counted if not value]

    @property
    def left_out_count(self) -> int:
        return sum(map(len, self.left_out.values()))


def figure(measure: Measure, records: Records, period: Period, as_of: datetime) -> Figure:
    """One figure over all records; what happened after `as_of` is not in the records."""
    whole = sum(measure.whole(records, period, as_of).values()) if measure.whole else 0.0
    return _figure(measure, measure.population(records), period, as_of, whole)


def by_group(
    measure: Measure, records: Records, period: Period, as_of: datetime, key: Callable[[Record], str]
) -> dict[str, Figure]:
    """The same for each group alone. Groups in which nothing counts and nothing is left out are not there.

    Of a measure that has a whole, `key` is the service, and each service is there.
    """
    whole = measure.whole(records, period, as_of) if measure.whole else {}
    groups: dict[str, list[Record]] = defaultdict(list, {name: [] for name in whole})
    for one in measure.population(records):
        groups[key(one)].append(one)
    found = {name: _figure(measure, groups[name], period, as_of, whole.get(name, 0.0)) for name in sorted(groups)}
    return {name: one for name, one in found.items() if one.n or one.left_out or name in whole}


def bands(ages: Iterable[float]) -> list[int]:
    """How many are younger than each of `BANDS`, and how many are older than the last; ages in seconds."""
    found = [0] * (len(BANDS) + 1)
    for age in ages:
        found[sum(age >= edge.total_seconds() for edge in BANDS)] += 1
    return found


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest rank: the smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)] if values else None


def _figure(
    measure: Measure, population: Iterable[Record], period: Period, as_of: datetime, whole: float = 0.0
) -> Figure:
    counted: list[tuple[str, float]] = []
    left_out: dict[str, list[str]] = defaultdict(list)
    for one in population:
        verdict = measure.judge(one, period, as_of)
        if isinstance(verdict, Counted):
            counted.append((one.ref, verdict.value))
        elif isinstance(verdict, LeftOut):
            left_out[verdict.reason].append(one.ref)
    counted.sort(key=lambda pair: (in_order(pair[0]), pair[1]))
    told = {reason: sorted(refs, key=in_order) for reason, refs in sorted(left_out.items())}
    return of_values(measure, counted, told, period, as_of, whole)


def of_values(
    measure: Measure,
    counted: Sequence[tuple[str, float]],
    left_out: Mapping[str, Sequence[str]],
    period: Period,
    as_of: datetime,
    whole: float = 0.0,
    values: Sequence[float] | None = None,
) -> Figure:
    """Of what was judged already; both in the order of the references. `values`: those of `counted`, where at hand."""
    values = [value for _, value in counted] if values is None else values
    summary = _summary(measure.unit, values, period, whole)
    return Figure(measure.name, period, as_of, counted, left_out, **summary)


def _summary(unit: Unit, values: Sequence[float], period: Period, whole: float) -> dict[str, float | None]:
    if unit is Unit.AVAILABILITY:
        return {"value": 1 - math.fsum(values) / whole} if whole else {}
    if unit is Unit.NUMBER:
        return {"value": float(len(values))}
    if unit is Unit.A_WEEK:
        # Of a shorter period their number: one in the first hour of a week says nothing of 168.
        return {"value": len(values) * 7 / max(period.days, 7)}
    if not values:
        return {"value": 0.0} if unit is Unit.OPEN else {}
    if unit is Unit.SHARE:
        return {"value": math.fsum(values) / len(values)}
    ordered = sorted(values)  # once: what is in order is put in order again in no time
    spread = {
        "mean": math.fsum(values) / len(values),
        "median": float(statistics.median(ordered)),
        "p90": percentile(ordered, P90),
    }
    headline = {Unit.SECONDS: spread["median"], Unit.OPEN: float(len(values))}.get(unit, spread["mean"])
    return {"value": headline, **spread}
