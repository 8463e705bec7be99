"""The measures of problems (ISO/IEC 20000-1:2018, 8.6.3)."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.report.measures.measure import BY_PRIORITY, Counted, Measure, Unit, Verdict, of_this_desk
from bot.rules.report.measures.spans import ended_within, open_at_end
from bot.rules.report.periods import Period
from bot.rules.report.records import Problem, Records

OWNER = "the group that `problems.manager` names"


def _raised(one: Problem, period: Period, _as_of: datetime) -> Verdict:
    return Counted(1) if period.has(one.raised_at) else None


def _ended(one: Problem, period: Period, _as_of: datetime) -> Verdict:
    return ended_within(one.spans, period)


def _open(one: Problem, period: Period, as_of: datetime) -> Verdict:
    return open_at_end(one.raised_at, one.spans, period, as_of)


def _to_cause(one: Problem, period: Period, _as_of: datetime) -> Verdict:
    if one.known_at is None or not period.has(one.known_at):
        return None
    return Counted((one.known_at - one.raised_at).total_seconds())


def _came_back(one: Problem, period: Period, _as_of: datetime) -> Verdict:
    if not one.watched or not period.has(one.watched[0]):
        return None
    return Counted(float(bool(one.reopened)))


def _problems(records: Records) -> Iterable[Problem]:
    return records.problems


_MEASURES = (
    Measure(
        "problems-raised",
        "Problems raised",
        Unit.NUMBER,
        "Problems that were raised or proposed in the period, by people or by trends.",
        "1 for each.",
        _problems,
        _raised,
        groups=BY_PRIORITY,
        owner=OWNER,
    ),
    Measure(
        "problems-ended",
        "Problems ended",
        Unit.NUMBER,
        "Problems that were closed, dismissed, merged or cancelled in the period and were not reopened since.",
        "1 for each.",
        _problems,
        _ended,
        groups=BY_PRIORITY,
        owner=OWNER,
    ),
    Measure(
        "problem-backlog",
        "Problems open",
        Unit.OPEN,
        "Problems that were open at the end of the period, or are open now where that is to come. A risk that is "
        "accepted is open.",
        "Its age at that instant, from when it was raised.",
        _problems,
        _open,
        groups=BY_PRIORITY,
        owner=OWNER,
        better="lower",
    ),
    Measure(
        "time-to-cause",
        "Time to know a problem's cause",
        Unit.SECONDS,
        "Problems of which a cause was first said to be known in the period, or that none can be found.",
        "From when it was raised until then.",
        _problems,
        _to_cause,
        groups=BY_PRIORITY,
        owner=OWNER,
        better="lower",
    ),
    Measure(
        "problem-recurrence",
        "Problems that came back after their fix",
        Unit.SHARE,
        "Problems of which a fix was first done in the period, so that they are watched.",
        "Those that were reopened since, whenever that was.",
        _problems,
        _came_back,
        groups=BY_PRIORITY,
        owner=OWNER,
        better="lower",
        marks="came back",
    ),
)
PROBLEM_MEASURES = tuple(map(of_this_desk, _MEASURES))
