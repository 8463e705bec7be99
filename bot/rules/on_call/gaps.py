"""Time ahead in which nobody is on call though somebody should be."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.on_call.policy import Rota
from bot.rules.on_call.shifts import OnCallShift, Span, gaps
from bot.rules.time.open_time import instant, moment


def uncovered(rota: Rota, found: Sequence[OnCallShift], begin: datetime, end: datetime) -> list[Span]:
    """Of what `shifts` gave for the span: gaps in the hours that any of the layers has, from the first hand-over on.

    Nights of a rota for office hours are no gap; an absence, or a layer that ended, is one.
    """
    begin = max(begin, min(layer.turns.at(0) for layer in rota.layers))
    if begin >= end:
        return []
    holes = gaps([one for one in found if one.end > begin], begin, end)
    if any(layer.hours is None for layer in rota.layers):
        return holes
    spans = sorted(
        (moment(opens), moment(closes))
        for layer in rota.layers
        if layer.hours
        for opens, closes in layer.hours.timeline.windows(instant(begin), instant(end))
    )
    met = ((max(a, opens), min(b, closes)) for a, b in holes for opens, closes in _merged(spans))
    return [(a, b) for a, b in met if a < b]


def _merged(spans: Sequence[Span]) -> list[Span]:
    """As few as possible, in order."""
    found: list[Span] = []
    for opens, closes in spans:
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found
