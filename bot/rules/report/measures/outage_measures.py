"""Availability of services (ISO/IEC 20000-1:2018, 8.7.1), and how often who is on call is called.

An outage is the time that a major incident was open, in the hours that are agreed for its service. What overlaps counts
once, for the incident that was first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.on_call.load import NIGHT_BEGINS, NIGHT_ENDS, SATURDAY
from bot.rules.report.measures.measure import (
    BY_PRIORITY,
    MOVED_IN,
    TOLD_OF_MOVED_IN,
    Counted,
    Group,
    LeftOut,
    Measure,
    Unit,
    Verdict,
)
from bot.rules.report.periods import Period
from bot.rules.report.records import End, Incident, Records, ServiceHours
from bot.rules.time.business_hours import Calendar, elapsed

NO_SERVICE, OUT_OF_HOURS, NO_ROTA = "of no service", "outside the agreed hours", "of no rota"
AGREED = "the hours that `services.KEY.hours` names; every hour, where it names none"


@dataclass(frozen=True)
class Outage:
    ref: str
    service: str
    spans: tuple[tuple[datetime, datetime | None], ...]
    """Without what an earlier one has already."""
    hours: Calendar | None
    """None of a service that the policy does not have."""
    since: datetime | None = None
    """From when on the desk knows of its service."""
    moved_in: bool = False


@dataclass(frozen=True)
class Call:
    """An incident was given to whoever was on call."""

    ref: str
    service: str
    priority: str
    at: datetime
    zone: ZoneInfo | None
    """By whose clocks the rota runs; None of one that the policy does not have."""


def outages(records: Records) -> Iterable[Outage]:
    """Of major incidents that were not stood down, merged or cancelled."""
    known = {one.service: one for one in records.services}
    taken: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    every = [one for one in records.incidents if one.major and one.end not in (End.CANCELLED, End.MERGED)]
    for one in sorted(every, key=lambda each: each.opened_at):
        if one.moved_in:  # takes nothing from one that counts
            yield _outage(one, _spans(one), known)
            continue
        spans = tuple(part for span in one.spans for part in _without(span.start, span.end, taken[one.service]))
        taken[one.service] += spans
        yield _outage(one, spans, known)


def _outage(
    one: Incident, spans: tuple[tuple[datetime, datetime | None], ...], known: Mapping[str, ServiceHours]
) -> Outage:
    agreed = known.get(one.service)
    if agreed is None:
        return Outage(one.ref, one.service, spans, None, moved_in=one.moved_in)
    return Outage(one.ref, one.service, spans, agreed.hours, agreed.since, one.moved_in)


def _spans(one: Incident) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((span.start, span.end) for span in one.spans)


def _without(
    start: datetime, end: datetime | None, taken: Iterable[tuple[datetime, datetime | None]]
) -> list[tuple[datetime, datetime | None]]:
    """What is left of a span; an end of None is not there yet."""
    left = [(start, end)]
    for begin, until in taken:
        rest: list[tuple[datetime, datetime | None]] = []
        for first, last in left:
            if (last is not None and last <= begin) or (until is not None and until <= first):
                rest.append((first, last))
                continue
            rest += [(first, begin)] if first < begin else []
            rest += [(until, last)] if until is not None and (last is None or until < last) else []
        left = rest
    return left


def _out(one: Outage, period: Period, as_of: datetime) -> Verdict:
    now, begin = min(period.end, as_of), max(period.start, one.since or period.start)
    inside = [(max(start, begin), min(end or now, now)) for start, end in one.spans]
    inside = [(start, end) for start, end in inside if start < end]
    if not inside:
        return None
    if one.moved_in:
        return LeftOut(MOVED_IN)
    if one.hours is None:
        return LeftOut(NO_SERVICE)
    length = sum((elapsed(one.hours, start, end) for start, end in inside), timedelta())
    return Counted(length.total_seconds()) if length else LeftOut(OUT_OF_HOURS)


def agreed(records: Records, period: Period, as_of: datetime) -> Mapping[str, float]:
    """By service, the agreed time of a period up to now, in seconds."""
    found = {}
    for one in records.services:
        begin = max(period.start, one.since or period.start)
        found[one.service] = elapsed(one.hours, begin, max(min(period.end, as_of), begin)).total_seconds()
    return found


def calls(records: Records) -> Iterable[Call]:
    return [call for one in records.incidents for call in _calls(one, records.zones)]


def _calls(one: Incident, zones: Mapping[str, ZoneInfo]) -> Iterable[Call]:
    return [Call(one.ref, one.service, one.priority, at, zones.get(rota)) for rota, at in one.called]


def _called(one: Call, period: Period, _as_of: datetime) -> Verdict:
    return Counted(1) if period.has(one.at) else None


def _unsociable(one: Call, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.at):
        return None
    if one.zone is None:
        return LeftOut(NO_ROTA)
    local = one.at.astimezone(one.zone)
    return Counted(float(not NIGHT_ENDS <= local.time() < NIGHT_BEGINS or local.weekday() >= SATURDAY))


OUTAGE_MEASURES = (
    Measure(
        "availability",
        "Availability",
        Unit.AVAILABILITY,
        "Major incidents that were open in the period, but those that were stood down, cancelled or merged; and the "
        "agreed time of all services, as the policy has them now, from when the desk had its first policy.",
        "1 − the time that they were open in the agreed hours ÷ the agreed time. What overlaps counts once.",
        outages,
        _out,
        {
            NO_SERVICE: "The policy has no such service, so that no hours are agreed.",
            OUT_OF_HOURS: "It was open outside the agreed hours alone.",
            MOVED_IN: TOLD_OF_MOVED_IN,
        },
        (Group.SERVICE,),
        calendar=AGREED,
        better="higher",
        whole=agreed,
    ),
    Measure(
        "on-call-calls",
        "Calls of who is on call",
        Unit.A_WEEK,
        "Incidents that were given to whoever was on call in the period, each time.",
        "Their number for every seven days of the period; of a shorter one, their number.",
        calls,
        _called,
        groups=BY_PRIORITY,
        better="lower",
    ),
    Measure(
        "on-call-at-night",
        "Calls at night or at weekends",
        Unit.SHARE,
        "Incidents that were given to whoever was on call in the period, each time.",
        "Those between 22:00 and 07:00, or on Saturday or Sunday, by the clocks of the rota.",
        calls,
        _unsociable,
        {NO_ROTA: "The policy has no such rota any more, so that its clocks are not known."},
        BY_PRIORITY,
        better="lower",
        marks="at night or at weekends",
    ),
)
