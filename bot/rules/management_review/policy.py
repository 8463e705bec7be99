"""The policy's section on management reviews: who holds them, and when they are reminded."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Rule


class ManagementReviews(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Plan and hold them, and read them beside those who take part."""
    remind_before: Annotated[tuple[Duration, ...], Field(max_length=9)] = (timedelta(days=14), timedelta(days=1))
    """Whole days before its day."""
