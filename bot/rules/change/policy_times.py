"""What a policy says of a change's times: when its people are reminded, and how long it is suspected afterwards."""

from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.types import Duration, Rule


class ChangeTimes(Rule):
    remind_before: Annotated[tuple[Duration, ...], Field(max_length=5)]
    """How long before the window opens its people hear of it."""
    end_warning: Duration
    """How long before it closes."""
    overrun_every: Duration
    """How often they hear again of work that goes on after the window has closed."""
    review_due: Duration
    """How soon after it is finished a change should be reviewed and closed."""
    approval_warning: Duration
    """How long before the approval of what was begun without one is overdue."""
    slip: Duration | None = None
    """By how much a window may be moved while its votes stand; None: not at all."""
    suspect_within: Duration
    """How long after it was finished a change is asked about when an incident is reported there."""
