"""What a survey declares to the record engine."""

from bot.rules.record.facts import FactKind
from bot.usecases.records.declared import Event, Kind
from bot.usecases.survey import access
from storage.tables import Survey

KIND = Kind(
    Survey,
    access.shown_to,
    "a survey",
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.SURVEY_NOTED, Event.LINKED: FactKind.SURVEY_LINKED},
)
