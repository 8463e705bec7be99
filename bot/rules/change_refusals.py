"""What is refused about changes, in plain words."""

from bot.rules.refusals import Refusal


class BadChangeList(Refusal):
    """“{typed}” is not something to list by. `/change list` shows what is open, `/change list mine`
    what you asked for."""


class OwnChange(Refusal):
    """You asked for {ref}, so someone else must approve it. `/change {ref}` shows who can."""


class OwnWork(Refusal):
    """You are to carry out {ref}, so someone else must approve it. `/change {ref}` shows who can."""


class NotAnApprover(Refusal):
    """{ref} was not sent to you for approval. `/change {ref}` shows who can decide."""


class TwiceInStage(Refusal):
    """You have voted on {ref} already, and each voice counts once. To change it, withdraw your vote first."""


class GivenForYou(Refusal):
    """Your vote on {ref} was given by who stands in for you. `/change {ref}` shows it."""


class NobodyToApprove(Refusal):
    """Nobody but you could approve this: {group} has no other member. Have one added, or name another implementer."""

    field = "implementer"


class TooFewToApprove(Refusal):
    """This takes {needs} approvals of {group}, and only {has} there may vote on it. Name another implementer."""

    field = "implementer"


class ChangedSince(Refusal):
    """{ref} has changed since this was drawn, and nothing was done. Different now: {difference}. Look at it again."""


class NothingToWithdraw(Refusal):
    """You have no vote on {ref} to withdraw."""


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


class StageMet(Refusal):
    """The stage of {ref} that you were asked in has its votes already; another one is voting now."""


class NotMember(Refusal):
    """{who} is not a member who could vote here. Choose somebody else."""

    field = "stand_in"


class NotYoursToJudge(Refusal):
    """Only those who work on {ref}, and who reported it, can say what it comes from. Ask one of them."""


class OwnTemplate(Refusal):
    """You proposed {ref}, so another change manager must approve it."""


class Locked(Refusal):
    """{ref} is a standard change: its title, service, plans and backout are agreed. Edit its window, or ask anew."""
