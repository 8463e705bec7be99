"""What is refused about complaints, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourComplaint(Refusal):
    """Only {who} can {act}. Ask one of them."""


class BadComplaintList(Refusal):
    """“{typed}” is not something to list by. Say mine, late, open, all, a state ({states}) or “words”."""
