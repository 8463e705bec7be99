"""What is refused about approvals, whatever record they are of."""

from bot.rules.record.refusals import Refusal


class NotAnApprover(Refusal):
    """{ref} was not sent to you for approval. `{shown}` shows who can decide."""


class TwiceInStage(Refusal):
    """You have voted on {ref} already, and each voice counts once. To change it, withdraw your vote first."""


class GivenForYou(Refusal):
    """Your vote on {ref} was given by who stands in for you. `{shown}` shows it."""


class StageMet(Refusal):
    """The stage of {ref} that you were asked in has its votes already; another one is voting now."""


class NobodyToApprove(Refusal):
    """Nobody but you could approve this: {group} has no other member. Have one added."""


class TooFewToApprove(Refusal):
    """This takes {needs} approvals of {group}, and only {has} there may vote on it."""


class NothingToDecide(Refusal):
    """{ref} does not wait for approval. `{shown}` shows how it stands."""


class ApprovalHeld(Refusal):
    """The approval of {ref} is held, so it can only be rejected. `{shown}` shows why."""


class ChangedSince(Refusal):
    """{ref} has changed since this was drawn, and nothing was done. Different now: {difference}. Look at it again."""


class WindowOver(Refusal):
    """{ref} cannot be approved any more: its window is over since {closed}. Whoever needs it can ask for another."""


class NotInTime(Refusal):
    """{ref} had to be approved by {due}, before its window opened. Whoever needs it can ask for another window."""


class NothingToWithdraw(Refusal):
    """You have no vote on {ref} to withdraw."""


class OnlyRequesterAnswers(Refusal):
    """Only who asked for {ref} can answer questions about it."""


class NotMember(Refusal):
    """{who} is not a member who could vote here. Choose somebody else."""

    field = "stand_in"
