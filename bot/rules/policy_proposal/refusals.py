"""What is refused about changes of the policy, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourPolicy(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NotFromSlack(Refusal):
    """The policy names nobody who approves its changes, so none can be proposed here. Set `approval` in [proposals]
    to one of [approvals], or use `deskbell policy apply`."""


class NobodyApproves(Refusal):
    """This change of the policy cannot be put to approval: {why}"""


class OwnProposal(Refusal):
    """You proposed {ref}, so somebody else must approve it."""


class NotTheNewest(Refusal):
    """Version {newest} came after {ref}, so that taking it back would undo that too. Propose what should be so instead:
    `/desk policy`."""


class FileIsMaster(Refusal):
    """The policy is kept in the file that DESKBELL_POLICY names, which each start puts in force. Take {ref} back
    there."""


class NoSuchSection(Refusal):
    """The policy has no section “{typed}”{hint} It has: {known}."""
