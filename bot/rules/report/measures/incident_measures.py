"""The measures of incidents."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.rules.report.measures.measure import (
    BY_PRIORITY,
    CANCELLED,
    MERGED,
    Counted,
    LeftOut,
    Measure,
    Unit,
    Verdict,
    of_this_desk,
)
from bot.rules.report.measures.spans import ended_within, open_at_end
from bot.rules.report.periods import Period
from bot.rules.report.records import End, Incident, Records

UNANSWERED, OPEN_AGAIN, UNRATED, PRIVATE = "not yet acknowledged", "open again", "not rated", "private"

_NEEDED_NOTHING = {
    CANCELLED: "It needed no work, so nobody was waited for.",
    MERGED: "It is a duplicate, and the incident that it was merged into counts.",
}


def _acknowledged(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.opened_at):
        return None
    if one.end in (End.CANCELLED, End.MERGED):
        return LeftOut(str(one.end))
    if one.acknowledged_at is None:
        return LeftOut(UNANSWERED)
    return Counted((one.acknowledged_at - one.opened_at).total_seconds())


def _restored(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    if not one.resolved or not period.has(one.resolved[-1]):
        return None
    if one.end is End.OPEN:
        return LeftOut(OPEN_AGAIN)
    if one.end in (End.CANCELLED, End.MERGED):
        return LeftOut(str(one.end))
    length = sum((span.end - span.start for span in one.spans if span.end), timedelta())
    return Counted(length.total_seconds())


def _opened(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    return Counted(1) if period.has(one.opened_at) else None


def _ended(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    return ended_within(one.spans, period)


def _open(one: Incident, period: Period, as_of: datetime) -> Verdict:
    return open_at_end(one.opened_at, one.spans, period, as_of)


def _first_resolved(one: Incident, period: Period) -> bool:
    return bool(one.resolved) and period.has(one.resolved[0])


def _reopened(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    """Since it was resolved: one that was cancelled before, and is open again, says nothing of a fix."""
    if not _first_resolved(one, period):
        return None
    return Counted(float(bool(one.reopened)))


def _first_time(one: Incident, period: Period, as_of: datetime) -> Verdict:
    again = _reopened(one, period, as_of)
    return Counted(float(not again.value and not one.passed_on)) if isinstance(again, Counted) else None


def _passed_on(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    return Counted(float(one.passed_on)) if _first_resolved(one, period) else None


def _worked_around(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    if not _first_resolved(one, period):
        return None
    return LeftOut(PRIVATE) if one.private and not one.worked_around else Counted(float(one.worked_around))


def _rated(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.closed_at):
        return None
    return LeftOut(UNRATED) if one.rating is None else Counted(float(one.rating))


def _answered(one: Incident, period: Period, _as_of: datetime) -> Verdict:
    return Counted(float(one.rating is not None)) if period.has(one.closed_at) else None


def _at_opening(one: Incident) -> datetime | None:
    return one.opened_at


def _at_end(one: Incident) -> datetime | None:
    return one.spans[-1].end


def _at_last_resolution(one: Incident) -> datetime | None:
    return one.resolved[-1] if one.resolved else None


def _at_first_resolution(one: Incident) -> datetime | None:
    return one.resolved[0] if one.resolved else None


def _at_closing(one: Incident) -> datetime | None:
    return one.closed_at


def _incidents(records: Records) -> Iterable[Incident]:
    return records.incidents


_RESOLVED_FIRST = "Incidents that were resolved for the first time in the period."

_MEASURES = (
    Measure(
        "time-to-acknowledge",
        "Time to acknowledge",
        Unit.SECONDS,
        "Incidents that were opened in the period.",
        "From when it was opened until somebody of the desk first took it up.",
        _incidents,
        _acknowledged,
        _NEEDED_NOTHING | {UNANSWERED: "Nobody has taken it up, so that its time is not known."},
        BY_PRIORITY,
        better="lower",
        when=_at_opening,
    ),
    Measure(
        "time-to-restore",
        "Time to restore",
        Unit.SECONDS,
        "Incidents of which the last resolution was in the period.",
        "All the time that it was open, until it was resolved. What was reopened has several such times, added up.",
        _incidents,
        _restored,
        {
            OPEN_AGAIN: "It was reopened and is not resolved yet, so that its time is not known.",
            CANCELLED: "It was reopened and then cancelled.",
            MERGED: "It was reopened and then merged into another.",
        },
        BY_PRIORITY,
        better="lower",
        when=_at_last_resolution,
    ),
    Measure(
        "incidents-opened",
        "Incidents opened",
        Unit.NUMBER,
        "Incidents that were opened in the period.",
        "1 for each.",
        _incidents,
        _opened,
        groups=BY_PRIORITY,
        when=_at_opening,
    ),
    Measure(
        "incidents-ended",
        "Incidents ended",
        Unit.NUMBER,
        "Incidents that were resolved, cancelled or merged in the period and were not reopened since.",
        "1 for each.",
        _incidents,
        _ended,
        groups=BY_PRIORITY,
        when=_at_end,
    ),
    Measure(
        "backlog",
        "Incidents open",
        Unit.OPEN,
        "Incidents that were open at the end of the period, or are open now where that is to come.",
        "Its age at that instant, from when it was opened.",
        _incidents,
        _open,
        groups=BY_PRIORITY,
        better="lower",
    ),
    Measure(
        "reopen-rate",
        "Incidents reopened",
        Unit.SHARE,
        _RESOLVED_FIRST,
        "Those that were reopened since, whenever that was.",
        _incidents,
        _reopened,
        groups=BY_PRIORITY,
        better="lower",
        marks="reopened",
        when=_at_first_resolution,
    ),
    Measure(
        "first-time-fix",
        "Incidents fixed at the first attempt",
        Unit.SHARE,
        _RESOLVED_FIRST,
        "Those that were never reopened since, nor passed on to another person or group.",
        _incidents,
        _first_time,
        groups=BY_PRIORITY,
        better="higher",
        marks="fixed at the first attempt",
        when=_at_first_resolution,
    ),
    Measure(
        "reassignments",
        "Reassignments of an incident",
        Unit.TIMES,
        _RESOLVED_FIRST,
        "How often it went from one person or group to another.",
        _incidents,
        _passed_on,
        groups=BY_PRIORITY,
        better="lower",
        when=_at_first_resolution,
    ),
    Measure(
        "known-error-use",
        "Incidents resolved by a known error's workaround",
        Unit.SHARE,
        _RESOLVED_FIRST,
        "Those that were resolved by the workaround of a known error, then or later.",
        _incidents,
        _worked_around,
        {PRIVATE: "What resolved a private incident stands on no record that others read."},
        BY_PRIORITY,
        marks="resolved so",
        when=_at_first_resolution,
    ),
    Measure(
        "satisfaction",
        "Satisfaction",
        Unit.RATING,
        "Incidents that were last closed in the period.",
        "The rating that its reporter gave.",
        _incidents,
        _rated,
        {UNRATED: "Its reporter gave no rating. `response-rate` says how many did."},
        BY_PRIORITY,
        better="higher",
        when=_at_closing,
    ),
    Measure(
        "response-rate",
        "Closed incidents that were rated",
        Unit.SHARE,
        "Incidents that were last closed in the period.",
        "Those that their reporter rated.",
        _incidents,
        _answered,
        groups=BY_PRIORITY,
        better="higher",
        marks="rated",
        when=_at_closing,
    ),
)
INCIDENT_MEASURES = tuple(map(of_this_desk, _MEASURES))
