"""What is refused about loans, in plain words."""

from bot.rules.record.refusals import Refusal


class NotForBorrowers(Refusal):
    """Only {who} can {act}. Ask one of them."""
