"""The measures of complaints (ISO/IEC 20000-1:2018, 8.3.2), and what the journal tells of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.measures.measure import Counted, LeftOut, Measure, Unit, Verdict
from bot.rules.report.periods import Period
from bot.rules.report.records import Complaint, Records

WITHDRAWN, UNANSWERED = "withdrawn", "not yet answered"
OWNER = "the group that `complaints.manager` names"
CALENDAR = "the hours that `complaints.calendar` names"


def complaint(ref: str, facts: Sequence[Fact]) -> Complaint | None:
    """None where nothing tells of its beginning."""
    received = next((fact for fact in facts if fact.kind is FactKind.COMPLAINT_RECEIVED), None)
    if received is None:
        return None
    answered = [fact.at for fact in facts if fact.kind is FactKind.COMPLAINT_ANSWERED]
    withdrawn = [fact.at for fact in facts if fact.kind is FactKind.COMPLAINT_WITHDRAWN]
    return Complaint(
        ref,
        str(received.data.get("service") or UNSURE),
        received.at,
        datetime.fromisoformat(str(received.data["promised_by"])),
        answered[0] if answered else None,
        withdrawn[0] if withdrawn else None,
    )


def _received(one: Complaint, period: Period, _as_of: datetime) -> Verdict:
    return Counted(1) if period.has(one.received_at) else None


def _in_time(one: Complaint, period: Period, as_of: datetime) -> Verdict:
    """One that is late counts when it falls due, and once."""
    due, ends = one.promised_by, one.answered_at
    if ends is not None and ends <= due:
        return Counted(1) if period.has(ends) else None
    if one.withdrawn_at is not None and one.withdrawn_at <= due:
        return LeftOut(WITHDRAWN) if period.has(one.withdrawn_at) else None
    return Counted(0) if period.has(due) and due <= as_of else None


def _took(one: Complaint, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.received_at):
        return None
    if one.answered_at is None:
        return LeftOut(UNANSWERED if one.withdrawn_at is None else WITHDRAWN)
    return Counted((one.answered_at - one.received_at).total_seconds())


def _complaints(records: Records) -> Iterable[Complaint]:
    return records.complaints


COMPLAINT_MEASURES = (
    Measure(
        "complaints",
        "Complaints",
        Unit.NUMBER,
        "Complaints that were received in the period.",
        "1 for each.",
        _complaints,
        _received,
        owner=OWNER,
        better="lower",
    ),
    Measure(
        "complaints-in-time",
        "Complaints answered in time",
        Unit.SHARE,
        "Complaints of which the first answer was given or fell due in the period.",
        "Those that were answered before it fell due.",
        _complaints,
        _in_time,
        {WITHDRAWN: "It was withdrawn before its answer fell due."},
        owner=OWNER,
        calendar=CALENDAR,
        better="higher",
        marks="answered in time",
    ),
    Measure(
        "time-to-answer",
        "Time to answer a complaint",
        Unit.SECONDS,
        "Complaints that were received in the period.",
        "From when it was received until it was answered first.",
        _complaints,
        _took,
        {
            UNANSWERED: "Nobody has answered it, so that its time is not known.",
            WITHDRAWN: "It was withdrawn before anybody answered.",
        },
        owner=OWNER,
        better="lower",
    ),
)
