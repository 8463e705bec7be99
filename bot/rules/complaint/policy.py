"""The policy's section on complaints: who answers them, who hears of those that are not answered, and in what time."""

from datetime import timedelta
from typing import Annotated

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Rule


class Complaints(Rule):
    group: Annotated[str, Refers("groups")] = "service-desk"
    """Acknowledges and answers them."""
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Has those that were escalated."""
    calendar: Annotated[str, Refers("calendars")] | None = None
    """In whose hours their time counts; without one, every hour does."""
    acknowledge_within: Duration = timedelta(hours=8)
    answer_within: Duration = timedelta(days=5)
    close_after: Duration = timedelta(days=7)
    """After so much silence an answer is taken as accepted."""
