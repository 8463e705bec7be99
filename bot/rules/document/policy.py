"""The policy's section on controlled documents: who manages and approves them, and when they are looked through."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Key, Rule


class Documents(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """May revise and withdraw any of them, and acts for their owners."""
    channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where documents are shown."""
    approval: Annotated[Key, Refers("approvals")] | None = None
    """Who approves a version. Without it none can be put to review."""
    review_every: Duration = timedelta(days=365)
    """From coming into force, or being confirmed, to the day by which it is looked through."""
    remind_before: Annotated[tuple[Duration, ...], Field(max_length=9)] = (timedelta(days=30), timedelta(days=7))
    """Whole days before that day."""
    remind_late: Duration = timedelta(days=7)
    """How often while it is late, and while somebody has not read what they were asked to read."""
