"""The policy's section on the journal: where its checkpoints are told, and how often."""

from pydantic import BaseModel, ConfigDict

from bot.rules.policy_values import Duration


class Audit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str
    """The key of the channel; it must be private."""
    group: str
    """The key of the group that is invited to it."""
    tell_every: Duration
    """One message in so long, if anything happened; the file has every checkpoint."""
