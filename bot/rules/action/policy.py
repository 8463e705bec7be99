"""The policy's section on actions: who manages them, and when people are reminded."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Rule


class Actions(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """May drop them, and acts for their owners."""
    group: Annotated[str, Refers("groups")] = "service-desk"
    """Has those that belong to no service; what a person leaves behind falls to it too."""
    remind_before: Annotated[tuple[Duration, ...], Field(max_length=9)] = (timedelta(days=7), timedelta(days=1))
    """Whole days before the day that it is due."""
    remind_late: Duration = timedelta(days=7)
    """How often while it is late."""
    group_after: Duration = timedelta(days=7)
    """Late by so much, the owner's group is reminded too."""
