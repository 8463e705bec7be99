"""All that can be done to a loan that is there. The order is that of the help."""

from bot.rules.loan.flow import LoanStep
from bot.rules.record.refs import Noun
from bot.usecases.loan import loans
from handlers.records.actions import Action, of
from handlers.records.standard_actions.standard import STANDARD

ACTIONS = of(
    Noun.LOAN, "loan",
    Action("hand-out", loans.hand_out, "hand it out", "is handed out.", label="Hand out", step=LoanStep.HAND_OUT),
    Action("take-back", loans.take_back, "take it back", "is back.", label="Take back", step=LoanStep.TAKE_BACK),
    *(one for one in STANDARD if one.verb in ("note", "link")),
)  # fmt: skip
