"""When a record was open: the times, and its age at the end of a period."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.measures.measure import Counted, Verdict
from bot.rules.report.periods import Period
from bot.rules.report.records import Span


def spans_of(
    begun: datetime, facts: Iterable[Fact], ends: Collection[FactKind], again: Collection[FactKind]
) -> tuple[Span, ...]:
    """From its beginning on: closed by each of `ends`, begun anew by each of `again`."""
    found = [Span(begun, None)]
    for fact in facts:
        if fact.kind in ends and found[-1].end is None:
            found[-1] = Span(found[-1].start, fact.at)
        elif fact.kind in again and found[-1].end is not None:
            found.append(Span(fact.at, None))
    return tuple(found)


def open_at_end(begun: datetime, spans: Sequence[Span], period: Period, as_of: datetime) -> Verdict:
    """Its age at the end of the period, or now where that is to come. The instant of the end is of the next period."""
    at, now = min(period.end, as_of), as_of < period.end
    if any(_is_open(span, at, now=now) for span in spans):
        return Counted((at - begun).total_seconds())
    return None


def ended_within(spans: Sequence[Span], period: Period) -> Verdict:
    """Whether it ended in the period, and did not begin again since."""
    return Counted(1) if period.has(spans[-1].end) else None


def _is_open(span: Span, at: datetime, *, now: bool) -> bool:
    if now:
        return span.start <= at and (span.end is None or span.end > at)
    return span.start < at and (span.end is None or span.end >= at)
