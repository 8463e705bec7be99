"""The policy's section on messages that cannot be delivered: who hears of it, and what reaches them meanwhile."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Key, Rule
from bot.rules.record.notices import NoticeKind


class Delivery(Rule):
    owner: Annotated[str, Refers("groups")]
    """Hears of a channel in which nothing can be said."""
    owners: dict[Annotated[Key, Refers("channels")], Annotated[str, Refers("groups")]] = Field(default_factory=dict)
    """The same for single channels."""
    urgent: tuple[NoticeKind, ...]
    """What is said to the owners meanwhile, each by direct message."""
    keep_closed: Duration = timedelta(days=365)
    """How old messages of what is over may be and still be drawn again; its card always is."""
