"""A survey's flow: it is sent once, and is over when its time has passed, or when somebody closes it."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class SurveyState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class SurveyStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    CLOSE = "closed"


class Role(StrEnum):
    """A value completes “only …”."""

    LEADS = "those who see its figures"
    CLOCK = "Deskbell"


FLOW: Flow[SurveyStep, SurveyState, Role] = Flow(
    rows=(Row(SurveyStep.CLOSE, frozenset({SurveyState.OPEN}), SurveyState.CLOSED, (Role.LEADS, Role.CLOCK)),),
    begins=SurveyState.OPEN,
    opened=FactKind.SURVEY_SENT,
    facts={SurveyStep.CLOSE: FactKind.SURVEY_CLOSED},
    table="survey",
)
PHRASE = {SurveyStep.CLOSE: "close {ref}"}
"""Each completes “can …”."""
