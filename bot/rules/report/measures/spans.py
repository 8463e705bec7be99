"""When a record was open: the times, and its age at the end of a period."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.measures.measure import Counted, Verdict
from bot.rules.report.periods import Period
from bot.rules.report.records import Span


def spans_of(
    begun: datetime,
    facts: Iterable[Fact],
    ends: Collection[FactKind],
    again: Collection[FactKind],
    moved_in: FactKind,
    still: Collection[str],
) -> tuple[Span, ...]:
    """From its beginning on: closed by each of `ends`, begun anew by each of `again`.

    What another tool had stands as it did there; `still`: states in which it was open.
    """
    found = [Span(begun, None)]
    for fact in facts:
        if fact.kind is moved_in:
            times = imported_at(fact.data)
            found = [Span(times[0], None if fact.data.get("state") in still else times[-1])]
        elif fact.kind in ends and found[-1].end is None:
            found[-1] = Span(found[-1].start, fact.at)
        elif fact.kind in again and found[-1].end is not None:
            found.append(Span(fact.at, None))
    return tuple(found)


def imported_at(data: Mapping[str, object]) -> list[datetime]:
    """The times that the fact of an import has: when it was opened there, and what is known of how it ended."""
    return [at for name in ("opened_at", "resolved_at", "closed_at") if (at := instant(data, name))]


def instant(data: Mapping[str, object], name: str) -> datetime | None:
    said = data.get(name)
    return datetime.fromisoformat(str(said)) if said else None


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
