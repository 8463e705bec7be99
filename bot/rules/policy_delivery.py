"""The policy's section on messages that cannot be delivered: who hears of it, and what reaches them meanwhile."""

from pydantic import BaseModel, ConfigDict, Field

from bot.rules.notices import NoticeKind
from bot.rules.policy_values import Key


class Delivery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str
    """The key of the group that hears of a channel in which nothing can be said."""
    owners: dict[Key, str] = Field(default_factory=dict)
    """The same for single channels, by their keys."""
    urgent: tuple[NoticeKind, ...]
    """What is said to the owners meanwhile, each by direct message."""
