"""Real time in spans of whole microseconds since 1970, and windows of it that answer by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Protocol, TypeAlias

from bot.rules.record.years import FIRST_YEAR, LAST_YEAR

Span: TypeAlias = tuple[int, int]
"""Half-open."""

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BeyondHorizon(ValueError):
    """The deadline, or an instant asked about, lies outside the years that are computed (1900 to 2199)."""


def instant(at: datetime) -> int:
    """Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return (at - _EPOCH) // MICROSECOND


def start_of(year: int) -> int:
    return instant(datetime(year, 1, 1, tzinfo=UTC))


def moment(at: int) -> datetime:
    """In UTC. Raises BeyondHorizon."""
    try:
        return _EPOCH + timedelta(microseconds=at)
    except OverflowError as fault:
        raise BeyondHorizon("that lies outside of any calendar") from fault


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order; one where they touch or overlap; none that is empty."""
    whole: list[Span] = []
    for begin, end in sorted(spans):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        elif begin < end:
            whole.append((begin, end))
    return whole


def within(spans: Iterable[Span], begin: int, end: int) -> list[Span]:
    """What of these spans lies between two instants."""
    cut = ((max(a, begin), min(b, end)) for a, b in spans)
    return [(a, b) for a, b in cut if a < b]


def without(spans: Iterable[Span], holes: list[Span]) -> list[Span]:
    """What holes leave of spans; both merged."""
    hole_ends = [end for _, end in holes]
    left: list[Span] = []
    for begin, end in spans:
        rest = begin
        for i in range(bisect_right(hole_ends, begin), bisect_left(holes, (end, end))):
            left.append((rest, holes[i][0]))
            rest = holes[i][1]
        left.append((rest, end))
    return [(a, b) for a, b in left if a < b]


class Timeline(Protocol):
    """Open time: how much, until when, which."""

    def working(self, begin: int, end: int) -> int: ...

    def reach(self, begin: int, goal: int) -> int:
        """The first instant with this much open time since `begin`, at least 1."""

    def windows(self, begin: int, end: int) -> list[Span]: ...


class RoundTheClock:
    """All time is open."""

    def working(self, begin: int, end: int) -> int:
        return end - begin

    def reach(self, begin: int, goal: int) -> int:
        return begin + goal

    def windows(self, begin: int, end: int) -> list[Span]:
        return merged([(begin, end)])


class _Known:
    """The windows of whole UTC years, with the open time before the end of each."""

    def __init__(self, first_year: int, last_year: int, windows: list[Span]) -> None:
        self.first_year, self.last_year = first_year, last_year
        self.begin, self.end = start_of(first_year), start_of(last_year + 1)
        self.windows = windows
        self._starts = [begin for begin, _ in windows]
        self._ends = [end for _, end in windows]
        self._totals = list(accumulate(end - begin for begin, end in windows))

    def before(self, at: int) -> int:
        """The open time before an instant."""
        last = bisect_right(self._starts, at) - 1
        return self._totals[last] - max(0, self._ends[last] - at) if last >= 0 else 0

    def reach(self, total: int) -> int | None:
        """The first instant before which there is this much open time; None if it lies in later years."""
        window = bisect_left(self._totals, total)
        if window == len(self._totals):
            return None
        return self._ends[window] - (self._totals[window] - total)

    def between(self, begin: int, end: int) -> list[Span]:
        first, last = bisect_right(self._ends, begin), bisect_left(self._starts, end)
        return within(self.windows[first:last], begin, end)


class Windows:
    """Open time in windows. `compiled(first, last)` gives those of some years, and is asked for more when needed."""

    def __init__(self, compiled: Callable[[int, int], list[Span]]) -> None:
        self._compiled = compiled
        self._known: _Known | None = None

    def working(self, begin: int, end: int) -> int:
        known = self._covering(begin, end)
        return known.before(end) - known.before(begin)

    def reach(self, begin: int, goal: int) -> int:
        known = self._covering(begin, begin)
        while (reached := known.reach(known.before(begin) + goal)) is None:
            if known.last_year == LAST_YEAR or begin + goal > start_of(LAST_YEAR + 1):
                raise BeyondHorizon(f"the deadline lies beyond {LAST_YEAR}")
            known = self._learn(known.first_year, 2 * known.last_year - known.first_year + 1)
        return reached

    def windows(self, begin: int, end: int) -> list[Span]:
        return self._covering(begin, end).between(begin, end)

    def _covering(self, begin: int, end: int) -> _Known:
        known = self._known
        if known is not None and known.begin <= begin and end < known.end:
            return known
        first, last = moment(begin).year, moment(end).year
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise BeyondHorizon(f"working time is computed from {FIRST_YEAR} to {LAST_YEAR}")
        if known is not None:
            first, last = min(first, known.first_year), max(last, known.last_year)
        return self._learn(first, last)

    def _learn(self, first: int, last: int) -> _Known:
        last = min(last, LAST_YEAR)
        known = _Known(first, last, self._compiled(first, last))
        self._known = known  # replaced whole, never changed: threads may share it
        return known
