"""The measures of service requests; the time that approval takes stands apart (ISO/IEC 20000-1:2018, 8.6.2)."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.refs import Noun
from bot.rules.report.measures.change_measures import LEFT_UNDECIDED, approvals_of, waited
from bot.rules.report.measures.measure import BY_TYPE, Counted, LeftOut, Measure, Unit, Verdict, of_this_desk
from bot.rules.report.measures.spans import ended_within, open_at_end
from bot.rules.report.periods import Period
from bot.rules.report.records import Records, Request

WITHDRAWN = "withdrawn"
OWNER = "the groups that own the services"
WHAT_RUNS = "every hour of every day, from when it is approved"


def _asked(one: Request, period: Period, _as_of: datetime) -> Verdict:
    return Counted(1) if period.has(one.raised_at) else None


def _ended(one: Request, period: Period, _as_of: datetime) -> Verdict:
    return ended_within(one.spans, period)


def _open(one: Request, period: Period, as_of: datetime) -> Verdict:
    return open_at_end(one.raised_at, one.spans, period, as_of)


def _in_time(one: Request, period: Period, as_of: datetime) -> Verdict:
    """A promise that breaks counts when it falls due, and once; a withdrawal after that makes it no better."""
    due = one.due_at
    if due is None:
        return None
    if one.done_at is not None and one.done_at <= due:
        return Counted(1) if period.has(one.done_at) else None
    if one.withdrawn_at is not None and one.withdrawn_at <= due:
        return LeftOut(WITHDRAWN) if period.has(one.withdrawn_at) else None
    return Counted(0) if period.has(due) and due <= as_of else None


def _promise_settled_at(one: Request) -> datetime | None:
    """When it was kept, fell due or was withdrawn before."""
    ends = [at for at in (one.done_at, one.withdrawn_at) if at is not None and one.due_at and at <= one.due_at]
    return ends[0] if ends else one.due_at


def _took(one: Request, period: Period, _as_of: datetime) -> Verdict:
    if one.done_at is None or one.runs_from is None or not period.has(one.done_at):
        return None
    return Counted((one.done_at - one.runs_from).total_seconds())


def _requests(records: Records) -> Iterable[Request]:
    return records.requests


_OF_REQUESTS = (
    Measure(
        "requests-asked",
        "Requests asked for",
        Unit.NUMBER,
        "Requests that were asked for in the period.",
        "1 for each.",
        _requests,
        _asked,
        groups=BY_TYPE,
        owner=OWNER,
        when=lambda one: one.raised_at,
        noun=Noun.REQUEST,
    ),
    Measure(
        "requests-ended",
        "Requests ended",
        Unit.NUMBER,
        "Requests that were fulfilled, rejected or withdrawn in the period and were not sent back since.",
        "1 for each.",
        _requests,
        _ended,
        groups=BY_TYPE,
        owner=OWNER,
        when=lambda one: one.spans[-1].end,
        noun=Noun.REQUEST,
    ),
    Measure(
        "request-backlog",
        "Requests open",
        Unit.OPEN,
        "Requests that waited for approval or for work at the end of the period, or do now where that is to come.",
        "Its age at that instant, from when it was asked for.",
        _requests,
        _open,
        groups=BY_TYPE,
        owner=OWNER,
        better="lower",
    ),
    Measure(
        "requests-in-time",
        "Requests fulfilled in time",
        Unit.SHARE,
        "Requests of which the promise was kept or broken in the period. One that breaks counts when it falls due, and "
        "once. What was sent back is not fulfilled.",
        "Those that were fulfilled before they fell due.",
        _requests,
        _in_time,
        {WITHDRAWN: "It was withdrawn before it fell due, so that nothing was owed."},
        BY_TYPE,
        OWNER,
        WHAT_RUNS,
        better="higher",
        marks="in time",
        when=_promise_settled_at,
        noun=Noun.REQUEST,
    ),
    Measure(
        "time-to-fulfil",
        "Time to fulfil a request",
        Unit.SECONDS,
        "Requests that were last fulfilled in the period.",
        "From when it was approved, or asked for where nobody approves, until then. `request-approval-wait` has the "
        "rest.",
        _requests,
        _took,
        groups=BY_TYPE,
        owner=OWNER,
        calendar=WHAT_RUNS,
        better="lower",
        when=lambda one: one.done_at,
        noun=Noun.REQUEST,
    ),
)
REQUEST_MEASURES = (
    *map(of_this_desk, _OF_REQUESTS),
    Measure(
        "request-approval-wait",
        "Time to decide on a request",
        Unit.SECONDS,
        "Approvals of requests that were decided in the period.",
        "From when approvers were first asked until it was approved or rejected.",
        approvals_of(Noun.REQUEST),
        waited,
        LEFT_UNDECIDED,
        owner=OWNER,
        better="lower",
        when=lambda one: one.decided_at,
        noun=Noun.REQUEST,
    ),
)
