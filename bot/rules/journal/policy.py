"""The policy's section on the journal: where its checkpoints are told, and how often."""

from typing import Annotated

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Rule


class Audit(Rule):
    channel: Annotated[str, Refers("channels", flag="private")]
    group: Annotated[str, Refers("groups")]
    """Is invited to it."""
    tell_every: Duration
    """One message in so long, if anything happened; the file has every checkpoint."""
