"""What is refused about changes, in plain words."""

from bot.rules.record.refusals import Refusal


class BadChangeList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, assigned, held, missed, a state, a service, a type,
    risk:high, starts<3d, closed, all, or words in “quotes”. `/change list` shows what is open."""


class NamesNoDay(Refusal):
    """“{typed}” names no day. Say one first, as in `/change postpone {ref} to Friday 14:00 The supplier is late`, or
    type `/change postpone {ref}` for the form."""


class OwnChange(Refusal):
    """You asked for {ref}, so someone else must approve it. `/change {ref}` shows who can."""


class OwnWork(Refusal):
    """You are to carry out {ref}, so someone else must approve it. `/change {ref}` shows who can."""


class NameAnother(Refusal):
    """{why} Another implementer may help."""

    field = "implementer"


class NotYourStep(Refusal):
    """Only {who} can {act}. Ask one of them."""


class TooSoon(Refusal):
    """The window of {ref} opens {opens}. To start sooner, edit its window; approval is asked for anew."""


class TooLate(Refusal):
    """The window of {ref} closed {closed}. Edit its window; approval is asked for anew."""


class ApprovalStillDue(Refusal):
    """{ref} was begun without approval, which has not been given yet. Once it is decided, it can be closed."""


class TemplateGone(Refusal):
    """{name} has changed or left use since you opened this. `/change standard` shows what can be used now."""


class NotATemplate(Refusal):
    """{ref} cannot become a standard change: only a normal change that was closed as a success can."""


class AlreadyATemplate(Refusal):
    """There is a standard change of this name for the service: {name}, {state}. `/change standard` shows it."""


class AlreadySettled(Refusal):
    """The standard change {name} is {state} already."""


class Debt(Refusal):
    """{ref} was begun without approval, which is overdue. Have it decided before the next standard change."""


class BreakGlassOnly(Refusal):
    """Only members of {groups} may begin a change before it is approved. Ask one of them, or ask for approval."""


class AlreadyWatching(Refusal):
    """They are told already how {ref} goes."""


class NotYoursToJudge(Refusal):
    """Only those who work on {ref}, and who reported it, can say what it comes from. Ask one of them."""


class OwnTemplate(Refusal):
    """You proposed {ref}, so another change manager must approve it."""


class Locked(Refusal):
    """{ref} is a standard change: its title, service, plans and backout are agreed. Edit its window, or ask anew."""
