"""The measures of what the desk promised."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.rules.report.measures.measure import (
    BY_PRIORITY,
    CANCELLED,
    PROMISED_HOURS,
    Counted,
    LeftOut,
    Measure,
    Unit,
    Verdict,
)
from bot.rules.report.periods import Period
from bot.rules.report.records import Outcome, Promise, Records
from bot.rules.sla.clocks import ClockKind

EXCUSED = "excused"
_VOID = {CANCELLED: "Its incident was cancelled or merged, so that nothing was owed."}


def _kept(kind: ClockKind) -> Callable[[Promise, Period, datetime], Verdict]:
    def judge(one: Promise, period: Period, _as_of: datetime) -> Verdict:
        if one.kind is not kind or not period.has(one.settled_at):
            return None
        if one.outcome is Outcome.CANCELLED:
            return LeftOut(CANCELLED)
        if one.excused and one.outcome is Outcome.BROKEN:
            return LeftOut(EXCUSED)
        return Counted(float(one.outcome is Outcome.KEPT))

    return judge


def _promises(records: Records) -> Iterable[Promise]:
    return records.promises


def _attainment(name: str, title: str, kind: ClockKind, counts: str) -> Measure:
    return Measure(
        name,
        title,
        Unit.SHARE,
        f"{counts} that were kept or broken in the period. One that breaks counts when it breaks, and once.",
        "Those that were kept.",
        _promises,
        _kept(kind),
        _VOID | {EXCUSED: "A manager excused the breach, with a reason. It stays on record and is shown here."},
        BY_PRIORITY,
        calendar=PROMISED_HOURS,
        better="higher",
        marks="kept",
        when=lambda one: one.settled_at if one.kind is kind else None,
    )


PROMISE_MEASURES = (
    _attainment("response-kept", "Response promises kept", ClockKind.RESPONSE, "Response promises to customers"),
    _attainment(
        "resolution-kept", "Resolution promises kept", ClockKind.RESOLUTION, "Resolution promises to customers"
    ),
    _attainment(
        "updates-kept", "Updates of major incidents in time", ClockKind.UPDATE, "Promised updates of major incidents"
    ),
)
