"""Sample clauses, drawn every way."""

from datetime import timedelta

from bot.rules.iso import path, trend
from bot.rules.iso.assessment import assess, worst
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Document, Records
from bot.rules.iso.evidence import Counted, Evidence
from bot.rules.policy.policy import Policy
from bot.rules.report.periods import Period
from bot.usecases.iso.preparation import Preparation
from handlers.blocks.samples import AGENT, AT, Drawn, said
from handlers.document.views import writing
from handlers.iso.views import clauses as views
from handlers.iso.views import forms
from handlers.iso.views.forms import Gap
from handlers.records.typed_values import Shown

YEAR = Period(AT - timedelta(days=365), AT)


def drawn(policy: Policy) -> dict[str, Drawn]:
    asked = {one for clause in CLAUSES.values() for one in clause.done if isinstance(one, Records)}
    refs = tuple(f"INC-{number}" for number in range(1, 21))
    some = Evidence(YEAR, {one: Counted(20, 12, AT, ((refs[0], ("a resolution",)),), refs=refs) for one in asked})
    found = tuple(assess(one, some, AT) for one in CLAUSES.values())
    nothing = tuple(assess(one, Evidence(YEAR), AT) for one in CLAUSES.values())
    before = trend.read(AT - timedelta(days=60), trend.written(nothing))
    moved, fax = trend.compared(found, before), {"Fax": "It ends in June"}
    whole = Preparation(found, worst(found), path.standing(found, ["4.1"], []), AT, moved, fax)
    young = Preparation(found, worst(found), path.standing(found, ["4.1"], []), AT)
    shown = Shown(None, policy, AGENT, AT)
    incidents = next(one for one in found if one.clause.number == "8.6.1")
    gaps = {axis: Gap("8.6.1", axis) for axis in Axis}
    return {
        "clauses": said(views.picture(whole)),
        "clauses in words": said(views.words(whole)),
        "clauses of a young desk": said(views.picture(young)),
        "clause": said(views.several([incidents])),
        "clauses below a number": said(views.several(found[:8])),
        **{
            f"clause, mending {axis}": forms.mend(gap, incidents, incidents.of(axis)[0], shown)
            for axis, gap in gaps.items()
        },
        "clause, mending by a document": forms.with_another_way(
            writing.begin("", Document.PROCESS, "8.6.1"), gaps[Axis.DESIGNED], incidents, incidents.findings[0]
        ),
        "clause, walk": forms.walk(incidents, 12),
        "clause, end of the walk": forms.walked(),
        "clause, being counted": forms.counting(),
    }
