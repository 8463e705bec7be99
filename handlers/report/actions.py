"""All that can be done to a report that was issued. The order is that of help and menu."""

from dataclasses import replace

from bot.rules.record.refs import Noun
from bot.rules.report.flow import ReportStep
from bot.usecases.report import issuing
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Words
from handlers.records.standard_actions.standard import STANDARD

ACTIONS = of(
    Noun.REPORT, "report",
    *(one for one in STANDARD if one.verb == "action"),
    Action("correct", issuing.correct, "show it as known now", "has another version now.",
           (Words(Field.COMMENT, "Reason", "Why it is corrected; it stands in the thread", "reason"),),
           "Correct…", ReportStep.CORRECT, "Correct", "Correct it"),
    *(replace(one, typed=False) for one in STANDARD if one.verb in ("note", "link")),
)  # fmt: skip
