"""What is refused about actions, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourAction(Refusal):
    """Only {who} can {act}. Ask one of them."""


class OwnAction(Refusal):
    """Only somebody else can {act}: you did it yourself. {others} can."""


class ActionEnded(Refusal):
    """{ref} is {state}, so that cannot be changed any more."""


class NoActionsOf(Refusal):
    """An action cannot belong to {ref}. It can belong to an incident, a change, a problem or a review."""


class BadActionList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, group, late, a state (open, doing, done, verified,
    dropped), all, a kind (correct, prevent, detect, mitigate), a record like INC-12, or words in “quotes”."""


class ActionWordsMissing(Refusal):
    """Say when it is due and what is to be done: type `{usage}`."""
