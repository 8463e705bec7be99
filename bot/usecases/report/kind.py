"""What an issued report declares to the record engine."""

from bot.rules.record.facts import FactKind
from bot.usecases.records.declared import Event, Kind
from bot.usecases.report import issued_access
from storage.tables import IssuedReport

KIND = Kind(
    IssuedReport,
    issued_access.shown_to,
    "a report",
    works_on=issued_access.works_on,
    refusal=issued_access.refusal,
    facts={Event.NOTED: FactKind.REPORT_NOTED, Event.LINKED: FactKind.REPORT_LINKED},
)
