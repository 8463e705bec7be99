"""What is refused about changes, in plain words."""

from bot.rules.refusals import Refusal


class OwnChange(Refusal):
    """You asked for {ref}, so someone else must approve it. `/change {ref}` shows who can."""


class NotAnApprover(Refusal):
    """{ref} was not sent to you for approval. `/change {ref}` shows who can decide."""


class NobodyToApprove(Refusal):
    """Nobody but you could approve this: {group} has no other member. Choose another group, or have one added."""

    field = "approvers"
