"""Who is on call, when, and why: the one answer that routing, messages, lists, calendars and reports go by."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from bot.rules.on_call.policy import Layer, Rota
from bot.rules.record.years import FIRST_YEAR, LAST_YEAR
from bot.rules.time.open_time import BeyondHorizon, instant, moment

Span = tuple[datetime, datetime]
"""UTC, half-open."""
YEARS_MOST = 50
TURNS_MOST = 50_000
"""In one answer: of hourly turns those of five years."""
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class OnCallShift:
    """Somebody's time on call, UTC, half-open."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    layer: int
    """Counted from 1, in the order of the policy; of an override the one it lies over, or 0 where none had it."""
    because: str


@dataclass(frozen=True)
class Overlay:
    """What lies over the layers of a rota for a span, UTC, half-open."""

    since: datetime
    until: datetime
    comes: str | None = None
    """Takes the span."""
    leaves: str | None = None
    """Whose time in the span alone it is about; without anybody who comes, nobody has it."""
    kind: str = "override"
    reason: str | None = None


NO_IDS: Mapping[str, str] = MappingProxyType({})


def shifts(
    rota: Rota,
    begin: datetime,
    end: datetime,
    over: Sequence[Overlay] = (),
    ids: Mapping[str, str] = NO_IDS,
) -> list[OnCallShift]:
    """In order, never two at once, cut to this span. Instants are UTC-aware. Raises BeyondHorizon.

    `over` lies over the policy's own overrides, in its order; `ids` are of those whom the policy has by user name.
    """
    return list(_joined(_pieces(rota, begin, end, over, ids)))


def slots(
    rota: Rota,
    begin: datetime,
    end: datetime,
    over: Sequence[Overlay] = (),
    ids: Mapping[str, str] = NO_IDS,
) -> list[OnCallShift]:
    """The same, a shift for each turn: what touches is one only where it is one turn, and has one reason."""
    return list(_joined(_pieces(rota, begin, end, over, ids), by_turn=True))


def _pieces(
    rota: Rota, begin: datetime, end: datetime, over: Sequence[Overlay], ids: Mapping[str, str]
) -> list[OnCallShift]:
    """Between all instants at which anything changes."""
    if begin >= end:
        return []
    if begin.year < FIRST_YEAR or end.year > LAST_YEAR:
        raise BeyondHorizon(f"Turns are computed from {FIRST_YEAR} to {LAST_YEAR}.")
    if end.year - begin.year > YEARS_MOST:
        raise BeyondHorizon(f"That span has more than {YEARS_MOST} years. Ask for a shorter one.")
    if sum(layer.turns.many(begin, min(end, layer.ends_at or end)) for layer in rota.layers) > TURNS_MOST:
        raise BeyondHorizon(f"That span has more than {TURNS_MOST:,} turns. Ask for a shorter one.")
    layers = [list(_of_layer(layer, number, begin, end, ids)) for number, layer in enumerate(rota.layers, 1)]
    laid = [one for one in (*overlays(rota, ids), *over) if one.since < end and one.until > begin]
    edges = {begin, end}
    edges |= {edge for layer in layers for shift in layer for edge in (shift.start, shift.end)}
    edges |= {edge for one in laid for edge in (one.since, one.until) if begin < edge < end}
    found = []
    for starts, ends in pairwise(sorted(edges)):
        shift = next(filter(None, (_covering(layer, starts) for layer in reversed(layers))), None)
        for one in laid:
            if one.since <= starts < one.until:
                shift = _overridden(shift, one, starts, ends)
        if shift is not None:
            found.append(replace(shift, start=starts, end=ends))
    return found


def turn_at(
    rota: Rota, at: datetime, over: Sequence[Overlay] = (), ids: Mapping[str, str] = NO_IDS
) -> OnCallShift | None:
    """Who is on call at an instant, as `shifts` says; None where nobody is. Raises BeyondHorizon."""
    return next(iter(shifts(rota, at, at + INSTANT, over, ids)), None)


def overlays(rota: Rota, ids: Mapping[str, str] = NO_IDS) -> Iterator[Overlay]:
    """The policy's overrides, in its order."""
    for one in rota.overrides:
        since, until = one.span(rota.zone)
        comes, leaves = (ids.get(who, who) if who else None for who in (one.comes, one.leaves))
        yield Overlay(since, until, comes, leaves, reason=one.reason)


def gaps(found: Sequence[OnCallShift], begin: datetime, end: datetime) -> list[Span]:
    """Spans in which nobody is on call, of what `shifts` gave for the same span."""
    edges = [begin, *(edge for shift in found for edge in (shift.start, shift.end)), end]
    return [(since, until) for since, until in zip(edges[::2], edges[1::2], strict=True) if since < until]


def _of_layer(
    layer: Layer, number: int, begin: datetime, end: datetime, ids: Mapping[str, str]
) -> Iterator[OnCallShift]:
    turns, people = layer.turns, layer.crews
    until = min(end, layer.ends_at) if layer.ends_at else end
    for turn, since, handed_over in turns.between(begin, until):
        taken = turns.taken_before(turn)
        because = f"turn {taken + 1} of layer {number}"
        for opens, closes in _open(layer, max(since, begin), min(handed_over, until)):
            crew = tuple(dict.fromkeys(ids.get(one, one) for one in people[taken % len(people)]))
            yield OnCallShift(opens, closes, crew, number, because)


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


def _overridden(shift: OnCallShift | None, override: Overlay, starts: datetime, ends: datetime) -> OnCallShift | None:
    """Who comes in takes the whole span, also where nobody was on call; with `out`, that person's time alone."""
    people = shift.people if shift else ()
    if override.leaves is not None and override.leaves not in people:
        return shift
    stay = [one for one in people if override.leaves not in (None, one)]
    kept = tuple(dict.fromkeys([*stay, override.comes] if override.comes else stay))
    reason = f" ({override.reason})" if override.reason else ""
    what = f"{override.kind}{reason}"
    because = f"{what} over {shift.because}" if shift else f"{what} where nobody was on call"
    return OnCallShift(starts, ends, kept, shift.layer if shift else 0, because) if kept else None


def _joined(found: Iterable[OnCallShift], *, by_turn: bool = False) -> Iterator[OnCallShift]:
    """Shifts of the same people that touch are one."""
    last: OnCallShift | None = None
    for shift in found:
        same = last and last.end == shift.start and last.people == shift.people
        if last and same and (not by_turn or last.because == shift.because):
            last = replace(last, end=shift.end, because=_because(last.because, shift.because))
            continue
        if last:
            yield last
        last = shift
    if last:
        yield last


def _because(known: str, last: str) -> str:
    """Why somebody has a shift that is several: in order, and of more than three the first and the last alone."""
    reasons = re.split(r", then |, and so on to ", known)
    if reasons[-1] == last:
        return known
    if len(reasons) > 2 or ", and so on to " in known:
        return f"{reasons[0]}, and so on to {last}"
    return f"{known}, then {last}"
