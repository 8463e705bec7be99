"""What a loan declares to the record engine."""

from bot.rules.record.facts import FactKind
from bot.usecases.loan import access
from bot.usecases.records.declared import Event, Kind
from storage.tables import Loan

KIND = Kind(
    Loan,
    access.shown_to,
    "a loan",
    homes=lambda loan: (loan.borrower,),
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.LOAN_NOTED, Event.LINKED: FactKind.LOAN_LINKED},
)
