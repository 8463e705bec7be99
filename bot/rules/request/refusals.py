"""What is refused about requests, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourRequest(Refusal):
    """Only {who} can {act}. Ask one of them."""


class OwnRequest(Refusal):
    """You asked for {ref}, or it is for you, so that somebody else must decide. The card shows who was asked."""


class NotInCatalogue(Refusal):
    """“{typed}” is not in the catalogue, or no longer. `/request` shows what you can ask for."""


class NotForYou(Refusal):
    """“{title}” can be asked for by members of {groups} only. Ask one of them to ask for you."""


class NobodyApproves(Refusal):
    """Nobody could approve this: {why} Tell whoever keeps the policy."""


class TasksLeft(Refusal):
    """{ref} still has tasks to be done: {tasks}. Mark them as done first."""


class NoSuchTask(Refusal):
    """{ref} has no open task “{typed}”. Open ones are: {tasks}."""


class NoSuchItem(Refusal):
    """No task of {ref} that can be done now has “{typed}” left on its checklist. Left are: {items}."""


class ItemsLeft(Refusal):
    """“{title}” still has items on its checklist: {items}. Tick them first."""


class TaskWaits(Refusal):
    """“{title}” comes after {before}. Mark that as done first."""


class TaskOfChange(Refusal):
    """“{title}” is done by a change. {next}"""


class NoSuchChangeTask(Refusal):
    """{ref} has no task “{typed}” whose change could be raised now. Such are: {tasks}."""


class StandardChangeGone(Refusal):
    """No standard change “{name}” is in use (`/change standard`). Do “{title}” another way, then mark it as done:
    `/request done {ref} {key}`."""


class NotClosedYet(Refusal):
    """{ref} is {state}. You can say how it went once it is closed."""


class RatedAlready(Refusal):
    """You have said already how {ref} went. What was said stands."""


class RequestEnded(Refusal):
    """{ref} is {state}, so that cannot be changed any more."""


class BadRequestList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, group, late, all, a state (new, approval, approved,
    doing, pending, done, closed, rejected, withdrawn), the key of what is asked for, or words in “quotes”."""
