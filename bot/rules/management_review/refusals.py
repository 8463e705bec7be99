"""What is refused about management reviews, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourMeeting(Refusal):
    """Only {who} can {act}. Ask one of them."""


class MinutesFixed(Refusal):
    """{ref} is {state}, so that cannot be changed now."""


class NobodyTookPart(Refusal):
    """{ref} cannot be closed yet: nobody is on its list of who took part. `/management-review attend {ref} @person`."""


class NoSuchTopic(Refusal):
    """“{typed}” is no topic. There are: {known}."""


class NoOwner(Refusal):
    """A decision needs an owner and a day: `/management-review decide {ref} @person friday What is to be done`."""


class BadMeetingList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, a state (planned, held, closed, cancelled), all,
    or words in “quotes”."""
