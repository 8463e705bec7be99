"""The measures of changes and of the approvals they waited for."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.rules.change.flow import ChangeType, Result
from bot.rules.record.refs import Noun
from bot.rules.report.measures.measure import (
    BY_TYPE,
    CHANGE_OWNER,
    Counted,
    LeftOut,
    Measure,
    Unit,
    Verdict,
    of_this_desk,
)
from bot.rules.report.periods import Period
from bot.rules.report.records import Approval, Change, Records

EXPIRED, EARLIER = "left undecided", "before asked"
LEFT_UNDECIDED = {EXPIRED: "Nobody decided in time, so that there is no time to decide."}
_FINISHED = "Changes that were reported as done, and were done in the period."


def _of_changes(true: Callable[[Change], bool]) -> Callable[[Change, Period, datetime], Verdict]:
    def judge(one: Change, period: Period, _as_of: datetime) -> Verdict:
        return Counted(float(true(one))) if period.has(one.finished_at) else None

    return judge


def failed(one: Change) -> bool:
    return one.caused or one.result in (Result.FAILED, Result.BACKED_OUT)


def _lead(one: Change, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.finished_at):
        return None
    if one.finished_at < one.asked_at:
        return LeftOut(EARLIER)
    return Counted((one.finished_at - one.asked_at).total_seconds())


def waited(one: Approval, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.decided_at):
        return None
    return Counted((one.decided_at - one.asked_at).total_seconds()) if one.decided else LeftOut(EXPIRED)


def _finished_at(one: Change) -> datetime:
    return one.finished_at


def _changes(records: Records) -> Iterable[Change]:
    return records.changes


def approvals_of(noun: Noun) -> Callable[[Records], Iterable[Approval]]:
    return lambda records: [one for one in records.approvals if one.ref.startswith(f"{noun}-")]


def _change_share(
    name: str, title: str, value: str, true: Callable[[Change], bool], better: str, marks: str
) -> Measure:
    return Measure(
        name,
        title,
        Unit.SHARE,
        _FINISHED,
        value,
        _changes,
        _of_changes(true),
        groups=BY_TYPE,
        owner=CHANGE_OWNER,
        better=better,
        marks=marks,
        when=_finished_at,
        noun=Noun.CHANGE,
    )


_OF_CHANGES = (
    _change_share(
        "change-success",
        "Changes that went as planned",
        "Those with the result “success”, and no incident linked to them as what comes of them. “Success with issues” "
        "is not as planned.",
        lambda one: one.result is Result.SUCCESS and not one.caused,
        "higher",
        "as planned",
    ),
    _change_share(
        "change-failure-rate",
        "Changes that failed",
        "Those that failed, were backed out, or have an incident linked to them as what comes of them (DORA).",
        failed,
        "lower",
        "failed, backed out or caused an incident",
    ),
    _change_share(
        "emergency-share",
        "Emergency changes",
        "Those of the type “emergency”.",
        lambda one: one.type is ChangeType.EMERGENCY,
        "lower",
        "emergencies",
    ),
    _change_share(
        "unapproved-share",
        "Changes begun without approval",
        "Those that were begun before anybody approved them.",
        lambda one: one.unapproved,
        "lower",
        "begun without approval",
    ),
    Measure(
        "change-frequency",
        "Changes done",
        Unit.A_WEEK,
        _FINISHED,
        "Their number for every seven days of the period (DORA); of a shorter one, their number. They are changes and "
        "not deployments: Deskbell knows of no releases.",
        _changes,
        _of_changes(lambda _one: True),
        groups=BY_TYPE,
        owner=CHANGE_OWNER,
        when=_finished_at,
        noun=Noun.CHANGE,
    ),
    Measure(
        "change-lead-time",
        "Lead time of changes",
        Unit.SECONDS,
        _FINISHED,
        "From when it was last asked for until it was done (DORA). A revision asks anew.",
        _changes,
        _lead,
        {EARLIER: "It is said to have been done before it was asked for, as emergencies may be."},
        BY_TYPE,
        CHANGE_OWNER,
        better="lower",
        when=_finished_at,
        noun=Noun.CHANGE,
    ),
)
CHANGE_MEASURES = (
    *map(of_this_desk, _OF_CHANGES),
    Measure(
        "approval-wait",
        "Time to decide on a change",
        Unit.SECONDS,
        "Approvals of changes that were decided in the period, each revision by itself.",
        "From when approvers were first asked until it was approved or rejected.",
        approvals_of(Noun.CHANGE),
        waited,
        LEFT_UNDECIDED,
        owner=CHANGE_OWNER,
        better="lower",
        when=lambda one: one.decided_at,
        noun=Noun.CHANGE,
    ),
)
