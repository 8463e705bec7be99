"""The policy's section on internal audits: who manages them, their cycle, and when people are reminded."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Rule


class Audits(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Plan audits and cancel them, and close findings beside the auditor."""
    channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where audits and findings are shown."""
    cycle: Duration = timedelta(days=365)
    """In which every clause is audited once."""
    answer_within: Duration = timedelta(days=14)
    """From raising a finding to its answer, unless the auditor says a day."""
    remind_before: Annotated[tuple[Duration, ...], Field(max_length=9)] = (timedelta(days=7), timedelta(days=1))
    """Whole days before an audit's day, or a finding's."""
    remind_late: Duration = timedelta(days=7)
    """How often while it is late."""
