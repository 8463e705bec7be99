"""What is refused about meetings of the change advisory board, in plain words."""

from bot.rules.record.refusals import Refusal


class NoMeeting(Refusal):
    """No meeting of the board is open. A change manager opens one with `/change cab`."""


class NothingForTheBoard(Refusal):
    """Nothing waits for the board. `/change cab add CHG-12` puts a change on the next agenda."""


class NotForTheBoard(Refusal):
    """{ref} is {state}, so there is nothing for the board to talk about."""


class OnTheAgenda(Refusal):
    """{ref} is on the agenda of {meeting} already."""


class NotOnTheAgenda(Refusal):
    """{ref} is not on the agenda of {meeting}."""


class MeetingOver(Refusal):
    """{ref} was closed by {by}. `/change cab list` has its minutes; votes count wherever the change is shown."""


class MeetingOpen(Refusal):
    """{ref} is still open, so there are no minutes yet. They are posted when it is closed."""
