"""A figure and its definition in words: the same in Slack, at the terminal and beside a picture."""

import itertools
import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.rules.record.text import per_cent
from bot.rules.report.figures import BANDS, Figure, bands
from bot.rules.report.measures.measure import Measure, Unit

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = "nothing counts, so that there is no figure"


def headline(measure: Measure, found: Figure) -> str:
    """“92 %”, “12 min”, “–” where it is not known."""
    return amount(measure.unit, found.value)


def amount(unit: Unit, value: float | None) -> str:
    if value is None:
        return "–"
    match unit:
        case Unit.SECONDS:
            return length(value)
        case Unit.SHARE:
            return per_cent(value)
        case Unit.AVAILABILITY:
            return f"{math.floor(value * 10_000) / 100:g} %"
        case Unit.NUMBER | Unit.OPEN:
            return f"{value:.0f}"
        case Unit.A_WEEK:
            return f"{_brief(value)} a week"
        case Unit.RATING:
            return f"{_brief(value)} of 5"
        case _:
            return _brief(value)


def _brief(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def length(seconds: float) -> str:
    """In the two largest units: “2 d 3 h”, “45 min”, “30 s”."""
    span = timedelta(seconds=round(seconds))
    if span < _MINUTE:
        return f"{span.seconds} s"
    unit = _HOUR if span >= _DAY else _MINUTE
    minutes = int((span + unit / 2) // unit * unit / _MINUTE)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {name}" for count, name in parts if count)


def sentence(measure: Measure, found: Figure) -> str:
    """With n, the spread, and what was left out: “Time to restore: median 2 h, mean 3 h, …”."""
    said = ", ".join(_parts(measure, found)) if found.value is not None else NOTHING
    left = f". {left_out(found)}" if found.left_out else ""
    return f"{measure.title}: {said} (n = {found.n}){left}."


def left_out(found: Figure) -> str:
    """“Left out: 2 cancelled, 1 not yet acknowledged”; empty where nothing was."""
    reasons = ", ".join(f"{len(refs)} {reason}" for reason, refs in found.left_out.items())
    return f"Left out: {reasons}" if reasons else ""


def _parts(measure: Measure, found: Figure) -> Iterator[str]:
    unit = measure.unit
    if unit is Unit.SHARE:
        yield f"{headline(measure, found)}, {len(found.numerator)} of {found.n} {measure.marks}"
    elif unit is Unit.AVAILABILITY:
        out = math.fsum(value for _, value in found.counted)
        yield f"{headline(measure, found)}, out for {length(out)}" if out else headline(measure, found)
    elif unit in (Unit.NUMBER, Unit.A_WEEK):
        yield headline(measure, found)
    else:
        of, what = (Unit.SECONDS, "age: median") if unit is Unit.OPEN else (unit, "median")
        if unit is Unit.OPEN:
            yield headline(measure, found)
        if not found.n:
            return
        yield f"{what} {amount(of, found.median)}"
        yield f"mean {amount(of, found.mean)}"
        yield f"90th percentile {amount(of, found.p90)}"


def ages(found: Figure) -> Mapping[str, int]:
    """A backlog by age, the youngest first."""
    days = [edge.days for edge in BANDS]
    names = [f"under {days[0]} d", *(f"{one} to {two} d" for one, two in itertools.pairwise(days))]
    return dict(zip([*names, f"{days[-1]} d or more"], bands(value for _, value in found.counted), strict=True))


def definition(measure: Measure) -> Iterator[tuple[str, str]]:
    """Heading and text, as docs/reports.md and `/report define` have them."""
    yield "Population", measure.counts
    yield ("Numerator" if measure.unit is Unit.SHARE else "Value"), measure.value
    if measure.unit is Unit.SHARE:
        yield "Denominator", "The population without what is left out."
    for reason, why in measure.leaves_out.items():
        yield f"Left out: {reason}", why
    yield "Unit", measure.unit
    yield "Calendar", measure.calendar
    yield "By", ", ".join(measure.groups)
    yield "Owner", measure.owner
    yield "Target", measure.target + (f"; {measure.better} is better" if measure.better else "")
