"""Who is on call, when, and why: the one answer that routing, messages, lists, calendars and reports go by."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from bot.rules.on_call.policy import Layer, Override, Rota
from bot.rules.time.open_time import instant, moment

Span = tuple[datetime, datetime]
"""UTC, half-open."""


@dataclass(frozen=True)
class OnCallShift:
    """Somebody's time on call, UTC, half-open."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    layer: int
    """Counted from 1, in the order of the policy; of an override the one it lies over, or 0 where none had it."""
    because: str


def shifts(rota: Rota, begin: datetime, end: datetime) -> list[OnCallShift]:
    """In order, never two at once, cut to this span. Instants are UTC-aware. Raises BeyondHorizon."""
    if begin >= end:
        return []
    layers = [list(_of_layer(layer, number, begin, end)) for number, layer in enumerate(rota.layers, 1)]
    overrides = [(one, one.span(rota.zone)) for one in rota.overrides]
    edges = {begin, end}
    edges |= {edge for layer in layers for shift in layer for edge in (shift.start, shift.end)}
    edges |= {edge for _, span in overrides for edge in span if begin < edge < end}
    found = []
    for starts, ends in pairwise(sorted(edges)):
        shift = next(filter(None, (_covering(layer, starts) for layer in reversed(layers))), None)
        for override, (since, until) in overrides:
            if since <= starts < until:
                shift = _overridden(shift, override, starts, ends)
        if shift is not None:
            found.append(replace(shift, start=starts, end=ends))
    return list(_joined(found))


def gaps(found: Sequence[OnCallShift], begin: datetime, end: datetime) -> list[Span]:
    """Spans in which nobody is on call, of what `shifts` gave for the same span."""
    edges = [begin, *(edge for shift in found for edge in (shift.start, shift.end)), end]
    return [(since, until) for since, until in zip(edges[::2], edges[1::2], strict=True) if since < until]


def _of_layer(layer: Layer, number: int, begin: datetime, end: datetime) -> Iterator[OnCallShift]:
    turns, people = layer.turns, layer.crews
    until = min(end, layer.ends_at) if layer.ends_at else end
    for turn, since, handed_over in turns.between(begin, until):
        taken = turns.taken_before(turn)
        because = f"turn {taken + 1} of layer {number}"
        for opens, closes in _open(layer, max(since, begin), min(handed_over, until)):
            yield OnCallShift(opens, closes, people[taken % len(people)], number, because)


def _open(layer: Layer, begin: datetime, end: datetime) -> Iterable[Span]:
    if begin >= end:
        return []
    if layer.hours is None:
        return [(begin, end)]
    windows = layer.hours.timeline.windows(instant(begin), instant(end))
    return [(moment(opens), moment(closes)) for opens, closes in windows]


def _covering(layer: Sequence[OnCallShift], at: datetime) -> OnCallShift | None:
    place = bisect_right(layer, at, key=lambda shift: shift.start) - 1
    return layer[place] if place >= 0 and at < layer[place].end else None


def _overridden(shift: OnCallShift | None, override: Override, starts: datetime, ends: datetime) -> OnCallShift | None:
    """Who comes in takes the whole span, also where nobody was on call; with `out`, that person's time alone."""
    people = shift.people if shift else ()
    if override.leaves is not None and override.leaves not in people:
        return shift
    stay = [one for one in people if override.leaves not in (None, one)]
    kept = tuple(dict.fromkeys([*stay, override.comes] if override.comes else stay))
    reason = f" ({override.reason})" if override.reason else ""
    because = f"override{reason} over {shift.because}" if shift else f"override{reason} where nobody was on call"
    return OnCallShift(starts, ends, kept, shift.layer if shift else 0, because) if kept else None


def _joined(found: Iterable[OnCallShift]) -> Iterator[OnCallShift]:
    """Shifts of the same people that touch are one."""
    last: OnCallShift | None = None
    for shift in found:
        if last and last.end == shift.start and last.people == shift.people:
            known = last.because.split(", then ")
            because = last.because if known[-1] == shift.because else f"{last.because}, then {shift.because}"
            last = replace(last, end=shift.end, because=because)
            continue
        if last:
            yield last
        last = shift
    if last:
        yield last
