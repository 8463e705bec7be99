"""All that can be done to a survey by those who see its figures. The order is that of help and menu."""

from dataclasses import replace

from bot.rules.record.refs import Noun
from bot.rules.survey.flow import SurveyStep
from bot.usecases.survey import surveys
from handlers.records.actions import Action, of
from handlers.records.standard_actions.standard import STANDARD, by_ref

ACTIONS = of(
    Noun.SURVEY, "survey",
    *(one for one in STANDARD if one.verb == "action"),
    Action("close", by_ref(surveys.close), "end it now", "is over: what was answered so far counts.",
           label="Close", step=SurveyStep.CLOSE),
    *(replace(one, typed=False) for one in STANDARD if one.verb in ("note", "link")),
)  # fmt: skip
