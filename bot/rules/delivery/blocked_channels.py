"""A channel in which nothing can be said: who must hear of it, and what would mend it."""

from enum import StrEnum

from bot.rules.policy.policy import Policy


class Trouble(StrEnum):
    """What keeps a channel silent that its owners can mend."""

    ARCHIVED = "archived"
    GONE = "gone"
    OUTSIDE = "outside"
    """Deskbell is not in it."""
    RESTRICTED = "restricted"


_TROUBLE = {
    "is_archived": Trouble.ARCHIVED,
    "the channel is archived": Trouble.ARCHIVED,
    "no channel of that name is known yet": Trouble.GONE,
    "channel_not_found": Trouble.OUTSIDE,
    "not_in_channel": Trouble.OUTSIDE,
    "access_denied": Trouble.RESTRICTED,
    "no_permission": Trouble.RESTRICTED,
}


def trouble(reason: str) -> Trouble | None:
    """By the reason that a lane was parked for; None for what its operator alone can mend."""
    if reason.startswith("restricted_action"):
        return Trouble.RESTRICTED
    return _TROUBLE.get(reason)


def is_the_desks(lane: str) -> bool:
    """Whether it is a channel of the policy's; a record's own has capitals, and its record tells of its troubles."""
    return lane.startswith("#") and lane == lane.lower()


def owner(policy: Policy, channel: str) -> str:
    """The key of the group that hears of it, of a channel by its name in Slack.

    What is said in a private channel is for those who work there alone.
    """
    key = next((key for key, known in policy.channels.items() if known.name == channel), None)
    if key is None:
        return policy.delivery.owner
    private = policy.channels[key].private or key == policy.incidents.private.channel
    return policy.delivery.owners.get(key, policy.incidents.private.group if private else policy.delivery.owner)
