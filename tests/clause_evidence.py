"""All the evidence that a clause of ISO/IEC 20000-1 asks for, and none."""

from datetime import UTC, datetime, timedelta

from bot.rules.iso.criteria import Axis, InForce, Judged, Planned, Records, Result, Rules, Status
from bot.rules.iso.evidence import Counted, Evidence, Figured, Held, Said, Sealing, Task
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
YEAR = Period(NOW - timedelta(days=365), NOW)
NOTHING = Evidence(YEAR)


def good(clause, now=NOW):
    """All the evidence that a clause asks for, as of an instant."""
    recent, until = now - timedelta(days=1), (now + timedelta(days=300)).date()
    every = [(axis, one) for axis in Axis for one in clause.criteria(axis)]
    figures = {name: Figured(9, 1.0) for name in list(MEASURES)[:6]}
    for _, one in every:
        if isinstance(one, Result):
            value = one.at_least if one.at_least is not None else 0.0
            figures[one.measure] = Figured(40, value)
    return Evidence(
        YEAR,
        {one: Counted(20, 20, recent, refs=("INC-1",)) for _, one in every if isinstance(one, Records)},
        {section: 3 for _, one in every if isinstance(one, Rules) for section in one.sections},
        4,
        recent,
        {
            (clause.number, one.document): Held("DOC-1", 1, recent, until)
            for _, one in every
            if isinstance(one, InForce)
        },
        {
            (clause.number, axis): Said(clause.number, axis, Status.CONFORMING, "U1", recent, until, "Seen.")
            for axis, one in every
            if isinstance(one, Judged)
        },
        {clause.number: [Task("ACT-1", recent, until, recent)]}
        if any(isinstance(o, Planned) for _, o in every)
        else {},
        figures,
        Sealing(30, recent),
    )
