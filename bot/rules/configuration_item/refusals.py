"""What is refused about configuration items, in plain words."""

from bot.rules.record.refusals import Refusal


class UnreadableFile(Refusal):
    """The file cannot be read: {because}."""


class NoSuchSource(Refusal):
    """There is no source “{name}”. {known}"""


class NoSuchPlan(Refusal):
    """There is no plan {plan}. Share the file again, or make one by `deskbell ci import FILE --source NAME --plan`."""


class PlanApplied(Refusal):
    """The plan {plan} was applied already, on {when}. Make a new one."""


class WorldMoved(Refusal):
    """Items or the policy have changed since the plan {plan} was made, so nothing was applied. Make a new one."""


class NoSuchItem(Refusal):
    """There is no item “{key}”."""


class SeveralItems(Refusal):
    """“{key}” may be {candidates}. Say which one."""


class NotYourItem(Refusal):
    """Only {who} can {act}. Ask one of them."""


class OfThePolicy(Refusal):
    """{ref} is a service of the policy, which alone says that. What it stands on can be said here."""


class NoSuchAttribute(Refusal):
    """“{name}” is nothing that a {type} has. It has {known}."""


class NoSuchRelation(Refusal):
    """There is no relation “{name}”. There are {known}."""


class HiddenMembers(Refusal):
    """{ref} stands in this relation to {what} that you may not see, and would lose by it. Ask who manages the
    configuration."""


class NoSuchType(Refusal):
    """There is no type “{name}”. There are {known}."""


class BadItemList(Refusal):
    """“{typed}” is not something to list by. You can say: a type, a state, mine, unverified,
    all, or words in “quotes”."""


class ItemWordsMissing(Refusal):
    """Say which and what: type `{usage}`."""


class NoSuchBaseline(Refusal):
    """There is no baseline “{name}”. {known}"""


class BaselineThere(Refusal):
    """There is a baseline “{name}” already, of {when}. Choose another name."""


class NotAShare(Refusal):
    """“{typed}” is no share. You can say: all, 10 %, or how many, like 25."""


class NothingToVerify(Refusal):
    """Nothing is in that scope. `/ci list {scope}` shows what is."""


class TooMuchToVerify(Refusal):
    """That is {count} items, and one campaign asks about {most} at most. Say a smaller share, or a smaller scope."""


class NoSuchCampaign(Refusal):
    """There is no campaign {number}. `/ci campaigns` lists them."""


class CampaignOver(Refusal):
    """The campaign “{name}” is over already."""


class NotYourServices(Refusal):
    """Only members of {groups} and of groups that own a service can post how all of them are. `/service` shows it to
    you alone."""
