"""A report's flow: it is issued once, and may be corrected; what was shown before stays on record."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class ReportState(StrEnum):
    ISSUED = "issued"
    CORRECTED = "corrected"


class ReportStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    CORRECT = "corrected"


class Role(StrEnum):
    """A value completes “only …”."""

    LEADS = "those who see all of its figures"


FLOW: Flow[ReportStep, ReportState, Role] = Flow(
    rows=(Row(ReportStep.CORRECT, frozenset(ReportState), ReportState.CORRECTED, (Role.LEADS,)),),
    begins=ReportState.ISSUED,
    opened=FactKind.REPORT_ISSUED,
    facts={ReportStep.CORRECT: FactKind.REPORT_CORRECTED},
    table="issued_report",
)
PHRASE = {ReportStep.CORRECT: "correct {ref}"}
"""Each completes “can …”."""
