"""What is refused about incidents, in plain words."""

from bot.rules.record.refusals import Refusal


class ReopenTooLate(Refusal):
    """{ref} was done more than {window} ago. Report it anew with `/incident`, and name {ref} in the description."""


class NotYours(Refusal):
    """{ref} was reported by someone else. Who reported it can {act}, and so can members of {group}."""


class NotOnTheDesk(Refusal):
    """Only members of {group} and the assignee can {act}. Ask one of them."""


class NotConcerned(Refusal):
    """Only who reported {ref}, those affected, its assignee and members of {group} can {act}."""


class NotAble(Refusal):
    """{who} is in no group of the desk, so {ref} cannot be given to them. Choose a member of {groups}, or a group."""


class OnlyTheReporter(Refusal):
    """Only who reported {ref} can {act}."""


class NotDoneYet(Refusal):
    """{ref} is {state}. It can be rated once it is closed."""


class AlreadyRated(Refusal):
    """You have rated {ref} already. Thank you."""


class Ended(Refusal):
    """{ref} is {state}, so that cannot be changed any more. Reopen it first."""


class CannotMerge(Refusal):
    """{ref} cannot be merged into {other}: {why}."""


class AlreadyTold(Refusal):
    """You are on {ref} already and will be told how it goes."""


class NotPrivate(Refusal):
    """Everyone can see {ref} already. Only private incidents need people added."""


class AlreadyWith(Refusal):
    """{ref} is with {who} already. To have it yourself, type `/incident assign {ref} me`."""


class AlreadyYours(Refusal):
    """You are on {ref} already."""


class NoSuchPerson(Refusal):
    """“{typed}” is no member of this workspace who could take part. Name one with @, as in `{example}`."""


class OneOfThem(Refusal):
    """Several people are named, and it is with one. Type `{usage}`."""


class NoSuchAssignee(Refusal):
    """“{typed}” is nobody to whom it could be given. Say me, name somebody with @, or a group: {groups}."""


class NoSuchService(Refusal):
    """There is no service “{typed}”. There are: {known}."""


class NotAValue(Refusal):
    """“{typed}” is no {what}. Choose one of: {known}."""


class WordsMissing(Refusal):
    """Some words are missing: type `{usage}`."""


class BadFilter(Refusal):
    """“{typed}” is not something to list by. You can say: mine, assigned, unassigned, a state, P1 to P5, a service,
    age>3d, due<1h, closed, all, or words in “quotes”."""


class NotInAThread(Refusal):
    """Say which {what}: `@Deskbell {verb} {example} …`, or mention me in that {what}'s own thread."""
