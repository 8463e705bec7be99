"""No, where a survey is concerned."""

from bot.rules.record.refusals import Refusal


class NotYourSurvey(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NotAskedBy(Refusal):
    """{ref} does not ask you. `/complaint` takes what you are not content with, at any time."""


class SurveyOver(Refusal):
    """{ref} is over, so that no answer is counted any more. `/complaint` takes what you are not content with."""


class AnsweredAlready(Refusal):
    """You have answered {ref} already. `/complaint` takes what you are not content with, at any time."""


class TooFewAnswers(Refusal):
    """Answers to {ref}: {count}. From {least} on they are shown, so that nobody can be read out of them."""


class NotOverYet(Refusal):
    """{ref} is open. What people say is shown once it is over, so that it leads nobody who answers later."""
