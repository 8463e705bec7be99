"""What is refused about complaints, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourComplaint(Refusal):
    """Only {who} can {act}. Ask one of them."""


class BadComplaintList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, late, open, a state ({states}), or all."""
